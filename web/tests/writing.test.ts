import { expect, test } from "vitest";

import { isoDay, parseDay } from "../src/kernel/dates.ts";
import { formatRecordId, parseRecordId, recordKey } from "../src/kernel/ids.ts";
import { placesOf, rounded } from "../src/kernel/rounding.ts";
import { nearest } from "../src/records/nearest.ts";
import { asWritten, shownDay, shownNumber } from "../src/records/words.ts";
import { read } from "./conformance.ts";

const writing = read("records/writing.json") as {
  numbers: [number, string][];
  days: [string, string][];
  as_written: [unknown, string][];
  rounded: [number, number, number][];
  places: [number, number][];
  nearest: [string, string[], number, string | null][];
};

test.each(writing.numbers)("%d is written %s", (value, text) => { expect(shownNumber(value)).toBe(text); });

test.each(writing.days)("%s is written %s and read back", (iso, text) => {
  const day = parseDay(iso) ?? 0;
  expect(shownDay(day)).toBe(text);
  expect(isoDay(day)).toBe(iso);
});

test.each(writing.as_written)("%j stands as %s in a sentence", (value, text) => { expect(asWritten(value)).toBe(text); });

test.each(writing.rounded)("%d to %d places is %d", (value, places, expected) => {
  expect(rounded(value, places) + 0).toBe(expected + 0);
});

test.each(writing.places)("%d has %d places", (value, places) => { expect(placesOf(value)).toBe(places); });

test.each(writing.nearest)("%s among %j", (word, known, atLeast, expected) => {
  expect(nearest(word, known, atLeast)).toBe(expected);
});

test("a record id is one exact number and back", () => {
  const greatest = recordKey(2 ** 21 - 1, 2 ** 32 - 1);
  expect(greatest).toBe(Number.MAX_SAFE_INTEGER);
  expect(formatRecordId(greatest ?? 0)).toBe("2097151-4294967295");
  expect(parseRecordId("7-12")).toBe(7 * 2 ** 32 + 12);
  expect([parseRecordId("0-1"), parseRecordId("1-4294967296"), parseRecordId("2097152-1"), parseRecordId("x")]).toEqual([
    null,
    null,
    null,
    null,
  ]);
});
