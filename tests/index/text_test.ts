import assert from "node:assert/strict";
import fc from "fast-check";
import { foldMapped, foldText } from "../../core/index/fold.ts";
import { looserTerms, parseQuery } from "../../core/index/query.ts";
import { markPlain, markSnippet, matchesIn, snippetOf } from "../../core/index/snippet.ts";
import { KairosError } from "../../core/errors.ts";
import { count } from "../counts.ts";

Deno.test("foldText() gives the same word one form", async (t) => {
  const cases: [string, string][] = [
    ["Naming", "naming"],
    ["Ｎａｍｉｎｇ", "naming"],
    ["CAFÉ", "cafe"],
    ["cafe\u0301", "cafe"],
    ["Straße", "straße"],
    ["ΟΔΟΣ", "οδοσ"],
    ["ﾊﾟｽﾜｰﾄﾞ", "パスワード"],
    ["ハ\u309aス", "パス"],
    ["が", "が"],
    ["й", "й"],
    ["İ", "i"],
    ["a\0b", "a b"],
    ["\ud800", "\ufffd"],
  ];
  for (const [text, expected] of cases) {
    await t.step(text, () => assert.equal(foldText(text), expected));
  }
});

Deno.test("foldText() changes nothing the second time", () => {
  const text = fc.string({ unit: "grapheme", maxLength: 40 });
  fc.assert(
    fc.property(text, (one) => {
      const folded = foldText(one);
      assert.equal(foldText(folded), folded);
    }),
    { numRuns: count("fuzzRuns") },
  );
});

Deno.test("foldMapped() tells where everything was", () => {
  const text = "Ein ﾊﾟｽ und CAFE\u0301!";
  const { text: folded, starts, ends } = foldMapped(text);
  assert.equal(folded, foldText(text));
  const original = (word: string) => {
    const at = folded.indexOf(word);
    return text.slice(starts[at], ends[at + word.length - 1]);
  };
  assert.equal(original("パス"), "ﾊﾟｽ");
  assert.equal(original("cafe"), "CAFE\u0301");
  assert.equal(original("und"), "und");
});

Deno.test("parseQuery() takes words and phrases, and nothing as an operator", async (t) => {
  const cases: [string, string[]][] = [
    ["One two  ONE", ["one", "two"]],
    ['"two  words" three', ["two words", "three"]],
    ['open "quote', ["open", "quote"]],
    ['""x""', ["x"]],
    ["a AND b* NEAR(c) -d col:e", ["a", "and", "b*", "near(c)", "-d", "col:e"]],
    ["全角　空白", ["全角", "空白"]],
    ["＂全角＂", ["全角"]],
  ];
  for (const [query, terms] of cases) {
    await t.step(query, () => assert.deepEqual([...parseQuery(query)], terms));
  }
  await t.step("refuses a query without a word", () => {
    for (const query of ["", "  ", '""', '" "', "\0"]) {
      assert.throws(
        () => parseQuery(query),
        (error) => error instanceof KairosError && error.code === "invalid",
      );
    }
  });
  await t.step("is bounded", () => {
    const many = Array.from({ length: 100 }, (_, at) => `w${at}`).join(" ");
    assert.equal(parseQuery(many).length, 16);
    assert.equal(parseQuery("x".repeat(10_000))[0]!.length, 200);
  });
});

Deno.test("looserTerms() finds the words of a script without blanks", () => {
  const terms = looserTerms(["命名規則について"]);
  assert.ok(terms.includes("命名") && terms.includes("規則"), terms.join("|"));
  assert.deepEqual([...looserTerms(["a-b_cd"])], ["a-b_cd", "b_cd"]);
});

Deno.test("snippetOf() shows where the words stand", async (t) => {
  const marked = (text: string, ...terms: string[]) => {
    const snippet = snippetOf(text, terms);
    return snippet && markSnippet(snippet, (match) => `[${match}]`, (plain) => plain);
  };
  await t.step("marks each match once", () => {
    assert.equal(marked("Name names", "name"), "[Name] [name]s");
    assert.equal(marked("foobar", "foo", "oba"), "[fooba]r");
  });
  await t.step("in the text as it stands", () => {
    assert.equal(marked("Der ＣＡＦＥ\u0301-Tisch", "cafe"), "Der [ＣＡＦＥ\u0301]-Tisch");
  });
  await t.step("across lines", () => {
    assert.equal(marked("two\n\n  words", "two words"), "[two words]");
  });
  await t.step("by its words when the term does not stand there", () => {
    assert.equal(marked("foo-bar", "foo_bar"), "[foo]-[bar]");
  });
  await t.step("cuts around the part with most terms, never a character", () => {
    const text = `alpha ${"😀".repeat(200)} alpha beta ${"😀".repeat(200)}`;
    const cut = marked(text, "alpha", "beta")!;
    assert.match(cut, /^…(😀)+ \[alpha\] \[beta\] (😀)+…$/u);
    assert.ok(cut.length < 200);
  });
  await t.step("is nothing without a match", () => {
    assert.equal(snippetOf("text", ["other"]), null);
    assert.equal(snippetOf("", ["other"]), null);
  });
});

Deno.test("matchesIn() finds every term in a whole text", () => {
  const marked = (text: string, ...terms: string[]) =>
    markSnippet({ text, matches: matchesIn(text, terms) }, (match) => `[${match}]`, (one) => one);
  assert.equal(marked("tea_notes", "tea_notes"), "[tea_notes]");
  assert.equal(marked("日本と京都", "京都", "日本"), "[日本]と[京都]");
  assert.equal(marked("two\nwords", "two words"), "[two]\n[words]");
  assert.equal(marked("other", "tea"), "other");
});

Deno.test("markPlain() marks so that the match can be told from its marks", () => {
  assert.deepEqual(["tea", "*", "a*b"].map(markPlain), ["**tea**", "[*]", "[a*b]"]);
});

Deno.test("snippetOf() gives ranges in order that lie in its text", () => {
  const text = fc.string({ unit: "grapheme", maxLength: 300 });
  const cut = fc.tuple(text, fc.nat(300), fc.integer({ min: 1, max: 8 }));
  fc.assert(
    fc.property(cut, ([one, at, length]) => {
      const term = foldText(one.slice(at, at + length)).trim();
      if (term === "") return;
      let last = 0;
      for (const [start, end] of snippetOf(one, [term, "e"])?.matches ?? []) {
        assert.ok(start >= last && end > start);
        last = end;
      }
      assert.ok(last <= (snippetOf(one, [term, "e"])?.text.length ?? 0));
    }),
    { numRuns: count("fuzzRuns") },
  );
});
