/** Promises tested in tests/keys. */

import type { Requirement } from "./requirement.ts";

/** The rows. */
export const ROWS: readonly Requirement[] = [
  {
    id: "keys-sealed",
    sentence:
      "A private key is kept sealed under a passphrase, and nothing tells why it does not open",
    format: "approvers.md#key-file",
    test: "tests/keys/sealed_key_test.ts: openSealedKey() says the same whatever is wrong",
  },
  {
    id: "keys-package",
    sentence: "The key that signs packages is one of its own, for its owner only, never shown",
    format: "skillsets.md#signatures",
    test: "tests/keys/signing_key_test.ts: SigningKey.make() keeps a key for its owner only",
  },
  {
    id: "keys-cost",
    sentence: "No key file makes us derive beyond the bounds, or below them",
    format: "approvers.md#key-file",
    test:
      "tests/keys/sealed_key_test.ts: asSlot() lets no file ask for more work than the bounds, nor for less",
  },
  {
    id: "keys-owner-only",
    sentence: "A key file is a file for its owner only, and a new key overwrites nothing",
    format: "approvers.md#key-file",
    test: "tests/keys/key_file_test.ts: createKeyFile() never overwrites, whatever is there",
  },
  {
    id: "keys-refused",
    sentence: "A key file that is a link, or that others may use, is refused",
    format: "approvers.md#key-file",
    test:
      "tests/keys/key_file_test.ts: readKeyFile() refuses links, folders and files that others may use",
  },
  {
    id: "keys-recovery-code",
    sentence: "One or two wrong digits of a recovery code are noticed",
    format: "approvers.md#recovery-code",
    test:
      "tests/keys/recovery_code_test.ts: recoverySecret() notices every wrong digit, every exchange and every other length",
  },
  {
    id: "keys-ed25519",
    sentence:
      "A signature and a public key have one encoding each, and keys of small order are refused",
    format: "approvers.md#decision-text",
    test:
      "tests/keys/ed25519_test.ts: isPublicKey() refuses keys under which anything verifies, in every encoding",
  },
];
