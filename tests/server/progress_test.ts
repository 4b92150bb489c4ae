import assert from "node:assert/strict";
import { progressOf } from "../../server/mcp/progress.ts";

Deno.test("progressOf() tells nothing to a client that did not ask", () => {
  const notify = () => Promise.reject(new Error("told"));
  assert.equal(progressOf({ notify }), undefined);
});

Deno.test("progressOf() tells at most ten times a second, and never less than before", () => {
  const told: unknown[] = [];
  let now = 0;
  const request = {
    _meta: { progressToken: "p" },
    notify: (note: { params?: unknown }) => Promise.resolve(void told.push(note.params)),
  };
  const progress = progressOf(request, () => now)!;
  const steps: [time: number, done: number, total?: number][] = [
    [0, 1, 9],
    [99, 2, 9],
    [100, 3, 9],
    [300, 2, 9],
    [301, 3, 9],
    [302, 4],
    [400, 5],
    [402, 6],
  ];
  for (const [time, ...done] of steps) {
    now = time;
    progress(...done);
  }
  assert.deepEqual(told, [
    { progressToken: "p", progress: 1, total: 9 },
    { progressToken: "p", progress: 3, total: 9 },
    { progressToken: "p", progress: 4 },
    { progressToken: "p", progress: 6 },
  ]);
});
