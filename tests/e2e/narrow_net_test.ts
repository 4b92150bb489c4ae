import assert from "node:assert/strict";
import { withPeer } from "../mmp/fake_peer.ts";
import { somebody } from "../mmp/people.ts";
import { inEmptyFolder, program } from "./cli_program.ts";

const ADA = await somebody("Ada");

Deno.test("the command doctor prints lets the program call the known peers and nobody else", async () => {
  await inEmptyFolder(async (folder) => {
    await program(folder, ["init"]);
    await withPeer(ADA, {}, async ({ url }) => {
      assert.equal((await program(folder, ["meet", url])).code, 0);
      const { out } = await program(folder, ["doctor", "--json"]);
      const checks: { readonly found: string }[] = JSON.parse(out).checks;
      const said = checks.find(({ found }) => found.includes("deno run"))?.found ?? "";
      const permissions = said.split(" ").filter((word) => word.startsWith("--allow-"));
      assert.ok(permissions.some((one) => one.startsWith("--allow-net=")), said);
      const known = await program(folder, ["meet", url], { permissions });
      assert.equal(known.code, 0, known.err);
      await withPeer(ADA, {}, async ({ url: other }) => {
        const { code, err } = await program(folder, ["meet", other], { permissions });
        assert.equal(code, 5);
        assert.match(err, /may not use the network there/);
      });
    });
  });
});
