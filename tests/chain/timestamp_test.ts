import assert from "node:assert/strict";
import { blockTimestamp, canonicalTimestamp, recordTimestamp } from "../../core/chain/timestamp.ts";

Deno.test("canonicalTimestamp() renders every point in time and refuses everything else", async (t) => {
  const cases: [stored: string, canonical: string | null][] = [
    ["2026-01-20T10:30:00.123456Z", "2026-01-20T10:30:00.123456Z"],
    ["2026-01-20T10:30:00.9999999Z", "2026-01-20T10:30:00.999999Z"],
    ["2026-01-20T10:30:00Z", "2026-01-20T10:30:00.000000Z"],
    ["2026-01-20 10:30:00 GMT", "2026-01-20T10:30:00.000000Z"],
    ["2026-01-20T10:30:00-0000", "2026-01-20T10:30:00.000000Z"],
    ["2026-01-20T10:30:00-05:30", "2026-01-20T10:30:00.000000-05:30"],
    ["2024-02-29", "2024-02-29T00:00:00.000000+00:00"],
    ["0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000000Z"],
    ["2025-02-29", null],
    ["2026-13-01", null],
    ["2026-00-01", null],
    ["2026-04-31", null],
    ["2026-01-00", null],
    ["2026-01-20T24:00:00Z", null],
    ["2026-01-20T10:60:00Z", null],
    ["2026-01-20T10:30:61Z", null],
    ["2026-01-20T10:30:00+24:00", null],
    ["2026-01-20T10:30:00+09:60", null],
    ["2026-01-20T10:30", null],
    ["2026-01-20T10:30:00.Z", null],
    [" 2026-01-20T10:30:00Z", null],
    ["2026-01-20T10:30:00Z\n", null],
    ["２026-01-20T10:30:00Z", null],
    ["10:30", null],
    ["yesterday", null],
    ["", null],
    [`2026-01-20T10:30:00.${"1".repeat(60)}Z`, null],
  ];
  for (const [stored, canonical] of cases) {
    await t.step(JSON.stringify(stored), () => {
      assert.equal(canonicalTimestamp(stored), canonical);
      if (canonical !== null) assert.equal(canonicalTimestamp(canonical), canonical);
    });
  }
});

Deno.test("blockTimestamp() is canonical and in UTC", () => {
  assert.equal(blockTimestamp(0), "1970-01-01T00:00:00.000000Z");
  assert.equal(blockTimestamp(1_768_905_000_123.9), "2026-01-20T10:30:00.123000Z");
  const now = blockTimestamp(Date.now());
  assert.equal(canonicalTimestamp(now), now);
});

Deno.test("recordTimestamp() is local time with its offset", () => {
  const now = 1_768_905_000_999;
  const text = recordTimestamp(now);
  assert.match(text, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d$/);
  assert.equal(Date.parse(text), Math.floor(now / 1000) * 1000);
});
