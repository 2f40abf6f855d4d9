import { describe, expect, test } from "vitest";

import type { Data, Wire } from "../src/records/checks.ts";
import { effective, type StoredRecord } from "../src/records/effective.ts";
import { engineFacts, engineRecord, toEngine, toWire, type EngineValue } from "../src/records/values.ts";
import type { Field, Vocabulary } from "../src/rules/vocabulary.ts";
import { read } from "./conformance.ts";

const vocabulary = read("records/exported.json") as Vocabulary;
const values = read("records/values.json") as {
  to_engine: [string, Wire, EngineValue][];
  to_wire: [string, EngineValue, Wire][];
  logs: { say: string; rows: StoredRecord[]; effective: number[]; read: unknown[] }[];
  facts: [Data, unknown][];
};

function fieldOf(path: string): Field {
  const [kind = "", name = ""] = path.split(".");
  const field = vocabulary.kinds[kind]?.fields[name];
  if (field === undefined) throw new Error(path);
  return field;
}

test.each(values.to_engine)("%s written %j is read as %j", (path, wire, expected) => {
  expect(toEngine(fieldOf(path), wire)).toBe(expected);
});

test.each(values.to_wire)("%s of %j is written %j", (path, value, expected) => {
  expect(toWire(fieldOf(path), value)).toBe(expected);
});

test.each(values.facts)("facts %j", (facts, expected) => {
  expect(engineFacts(vocabulary, facts)).toEqual(expected);
});

describe("a log", () => {
  test.each(values.logs)("$say", ({ rows, effective: ids, read: expected }) => {
    const counted = effective(rows);
    expect(counted.map(({ id }) => id)).toEqual(ids);
    expect(counted.map((row) => engineRecord(vocabulary, row))).toEqual(expected);
  });
});
