import { describe, expect, test } from "vitest";

import { parseDay } from "../src/kernel/dates.ts";
import { problemText } from "../src/kernel/problems.ts";
import { checkRecord, type Data } from "../src/records/checks.ts";
import type { Vocabulary } from "../src/rules/vocabulary.ts";
import type { OwnRecords } from "../src/records/naming.ts";
import { read } from "./conformance.ts";

interface Case {
  readonly say: string;
  readonly kind: string;
  readonly on: string;
  readonly data: Data;
  readonly by_role?: string;
  readonly place_kind?: string;
  readonly around?: { today?: string; birth?: string; died?: string; needs?: string[]; records?: OwnRecords };
  readonly expect: { data: Data; by_role: string; place_kind: string; problems: string[]; odd: string[] };
}

const vocabulary = read("records/exported.json") as Vocabulary;
const { cases } = read("records/checks.json") as { cases: Case[] };

function day(text: string | undefined): number | null {
  return parseDay(text);
}

describe("a record at the door", () => {
  test.each(cases)("$say", ({ around = {}, expect: expected, on, ...written }) => {
    const found = checkRecord({ ...written, on: day(on) ?? 0 }, vocabulary, {
      today: day(around.today ?? "2026-11-21") ?? 0,
      birth: day(around.birth),
      died: day(around.died),
      needs: around.needs ?? null,
      records: around.records ?? null,
    });
    expect({
      ...found,
      problems: found.problems.map(problemText),
      odd: found.odd.map(problemText),
    }).toEqual(expected);
  });
});
