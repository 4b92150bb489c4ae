/** Promises tested in tests/chain. */

import type { Requirement } from "./requirement.ts";

/** The rows. */
export const ROWS: readonly Requirement[] = [
  {
    id: "chain-vectors",
    sentence: "A ledger of the existing implementation gets the verdict it recorded, or a listed " +
      "stricter one",
    format: "chain.md#verification",
    test: "tests/chain/vectors_test.ts: verifyChain() agrees with every recorded verdict",
    deviation:
      "A wrong stored hash, a timestamp in another notation, a key that stands twice and a " +
      "genesis with shifted fields are findings, though still compatible",
  },
  {
    id: "chain-hash",
    sentence: "The hash of a block covers index, canonical time, previous hash, root and items",
    format: "chain.md#the-hash-of-a-block",
    test: "tests/chain/block_test.ts: nextBlock() links to the block before and binds its items",
  },
  {
    id: "chain-genesis",
    sentence: "Block 0 is the same everywhere",
    format: "chain.md#genesis",
    test: "tests/chain/block_test.ts: GENESIS hashes to itself and is frozen in the format",
  },
  {
    id: "chain-merkle",
    sentence: "A proof leads from every item to the root and from no other",
    format: "chain.md#merkle-root",
    test: "tests/chain/merkle_test.ts: merkleProof() proves every item of every tree and no other",
  },
  {
    id: "chain-timestamps",
    sentence: "A stored time is hashed in its canonical form",
    format: "chain.md#timestamps",
    test:
      "tests/chain/timestamp_test.ts: canonicalTimestamp() renders every point in time and refuses",
    deviation: "A time of day without a date is refused, as its hash would change with the day",
  },
  {
    id: "chain-flips",
    sentence: "A changed byte is found unless it changes nothing the chain says",
    format: "chain.md#verification",
    test: "tests/chain/flips_test.ts: verifyChain() finds every change of a byte",
  },
  {
    id: "chain-streaming",
    sentence: "A verification comes to the same report however the bytes arrive",
    format: "chain.md#verification",
    test:
      "tests/chain/pieces_test.ts: verifyChain() comes to the same report however the bytes are",
  },
];
