/**
 * Where archives are taken apart: a Worker without any permission. It is told one archive, answers
 * with one file at a time, and waits until it is asked for the next. Nothing imports this module, and
 * it imports nothing later: without permissions no module can be read.
 *
 * @module
 */

import { Base64Reader } from "./base64_reader.ts";
import type { DecodeAnswer, DecodeOrder } from "./decode_message.ts";
import { PackageRefusedError } from "./refusal.ts";
import { unpack, type UnpackedFile } from "./unpack.ts";
import { unzip } from "./unzip.ts";

/** The global scope of a Worker, as much of it as is used. */
declare const self: {
  postMessage(message: DecodeAnswer, transfer?: Transferable[]): void;
  onmessage: (event: MessageEvent<DecodeOrder>) => void;
};

/** Every kind of permission; `import` is one that the types do not name. */
const KINDS = ["read", "write", "net", "env", "run", "ffi", "sys", "import"];

serve(
  KINDS.filter((name) =>
    Deno.permissions.querySync({ name } as Deno.PermissionDescriptor).state === "granted"
  ),
);

function serve(granted: readonly string[]): void {
  let order: Extract<DecodeOrder, { readonly kind: "begin" }>;
  let text: Base64Reader;
  let files: AsyncGenerator<UnpackedFile> | null = null;
  self.onmessage = async ({ data }) => {
    try {
      if (data.kind === "zip") files = unzip(data.bytes, data.limits);
      if (data.kind === "begin") {
        order = data;
        text = new Base64Reader(data.length, data.limits.inputBytes);
      }
      if (data.kind === "text") text.push(data.text);
      if (files === null) {
        if (!text.isWhole) return self.postMessage({ kind: "more" });
        files = unpack(text.bytes(), order.folder, order.limits);
      }
      const { done, value } = await files.next();
      if (done) self.postMessage({ kind: "end" });
      else self.postMessage({ kind: "file", ...value }, [value.bytes.buffer]);
    } catch (error) {
      if (error instanceof PackageRefusedError) {
        const { reason, what, detail } = error;
        self.postMessage({ kind: "refused", reason, what, detail });
      } else {
        self.postMessage({
          kind: "failed",
          message: error instanceof Error ? error.name : "error",
        });
      }
    }
  };
  self.postMessage({ kind: "ready", granted });
}
