/**
 * Between JSON as on the wire and the values the rule book's module computes with, the twin of `records/values.py`:
 * decimals as whole numbers of 10^-n, dates as days, names of records as their keys. A value that cannot be read is null here (unknown): the door has
 * its checks, and a log must stay readable for ever.
 */
import { isoDay, parseDay } from "../kernel/dates.ts";
import { formatRecordId, parseRecordId } from "../kernel/ids.ts";
import type { EngineRecord } from "../rules/module.ts";
import type { Field, Vocabulary } from "../rules/vocabulary.ts";
import type { Data, Wire } from "./checks.ts";
import type { StoredRecord } from "./effective.ts";

export type EngineValue = number | string | boolean | null;

const IMPLIED: ReadonlySet<string> = new Set(["date", "oleh", "tempat"]);

/** A measurement as whole 10^-places: floor(|v| * 10^n + 0.5) with its sign, the same on every engine. */
export function decimalUnits(value: number, places: number): number {
  const size = Math.floor(Math.abs(value) * 10 ** places + 0.5);
  return value < 0 ? -size : size;
}

/** The engine's value of a field; null for empty and for what cannot be read. */
export function toEngine({ type, places }: Field, value: Wire | undefined): EngineValue {
  switch (type) {
    case "bool":
      return typeof value === "boolean" ? value : null;
    case "int":
      return Number.isInteger(value) ? (value as number) : null;
    case "decimal":
      return typeof value === "number" && Number.isFinite(value) ? decimalUnits(value, places) : null;
    case "date":
      return parseDay(value);
    case "record":
      return typeof value === "string" ? parseRecordId(value) : null;
    case "code":
    case "need":
    case "text":
      return typeof value === "string" && value !== "" ? value : null;
  }
}

/** The JSON value of an engine's value. */
export function toWire({ type, places }: Field, value: EngineValue): Wire {
  if (typeof value !== "number") return value;
  if (type === "date") return isoDay(value);
  if (type === "record") return formatRecordId(value);
  return type === "decimal" ? value / 10 ** places : value;
}

/** The record as the module takes it, every field of its kind there; null for a kind this rule book does not know. */
export function engineRecord(vocabulary: Vocabulary, row: StoredRecord): EngineRecord | null {
  const kind = Object.hasOwn(vocabulary.kinds, row.kind) ? vocabulary.kinds[row.kind] : undefined;
  if (kind === undefined) return null;
  return {
    ...readAll(kind.fields, row.data),
    kind: row.kind,
    date: row.on,
    id: row.id,
    oleh: row.by_role || null,
    tempat: row.place_kind || null,
  };
}

/** Every fact of the vocabulary from JSON values; absent ones are null. */
export function engineFacts(vocabulary: Vocabulary, facts: Data): Readonly<Record<string, EngineValue>> {
  return readAll(vocabulary.person, facts);
}

function readAll(fields: Readonly<Record<string, Field>>, data: Data): Record<string, EngineValue> {
  const named = Object.entries(fields).filter(([name]) => !IMPLIED.has(name));
  return Object.fromEntries(
    named.map(([name, field]) => [name, toEngine(field, Object.hasOwn(data, name) ? data[name] : null)]),
  );
}
