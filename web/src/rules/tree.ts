/**
 * The value of any expression of a rule for one unit on one day: the twin of `rules/reference.py` and `meanings.py`, as
 * far as reasons ask. The rows are those of `rules/emitters/tree_data.py`; unknown is null. What the module answers is
 * never worked out here: this only says what an answer rests on.
 */
import type { Day } from "../kernel/dates.ts";
import type { Calendar, Facts, Row as RecordRow } from "./module.ts";

export type Value = boolean | number | string | null | readonly Day[];

type At = number;
export type Expression =
  | readonly ["literal", Value]
  | readonly ["today"]
  | readonly ["fact" | "field" | "step", string]
  | readonly ["and" | "or" | "first_known" | "latest" | "earliest", readonly At[]]
  | readonly ["not" | "is_known" | "has_dates", At]
  | readonly ["compare", string, At, At]
  | readonly ["one_of", At, readonly Value[]]
  | readonly ["add_days" | "add_months" | "days_between", At, At]
  | readonly ["sum", At, At, number]
  | readonly ["product", At, number]
  | readonly ["call", string, readonly At[]]
  | readonly ["choice", At, At, At]
  | readonly ["aggregate", string, number, string, At, number, boolean]
  | readonly ["earliest_within", At, At, At];

/** A record and whether a condition holds for it. */
export type Judged = readonly [RecordRow, Value];

/** One unit on one day. */
export class Reader {
  /** What the steps of a series that were answered before came to. */
  readonly steps = new Map<string, Value>();
  private readonly known = new Map<At, Value>();

  constructor(
    private readonly expressions: readonly Expression[],
    private readonly calendar: Calendar,
    readonly facts: Facts,
    private readonly records: readonly (readonly RecordRow[])[],
    readonly today: Day,
  ) {}

  /** The value of an expression, of a record's own where one is given. */
  value(at: At, record?: RecordRow): Value {
    if (record !== undefined) return this.workedOut(this.row(at), record);
    const found = this.known.get(at);
    if (found !== undefined) return found;
    const value = this.workedOut(this.row(at), record);
    this.known.set(at, value);
    return value;
  }

  /** The records an aggregate looks at, in order, and whether its condition holds. */
  judged(at: At): Judged[] {
    const row = this.row(at);
    return row[0] === "aggregate" ? this.judgedBy(row) : [];
  }

  private row(at: At): Expression {
    const row = this.expressions[at];
    if (row === undefined) throw new Error(`no expression ${at}`);
    return row;
  }

  private judgedBy([, , place, , where, , attached]: Extract<Expression, readonly ["aggregate", ...unknown[]]>): Judged[] {
    const records = this.records[place] ?? [];
    const mine = attached ? records.filter((record) => record["unit"] === this.facts.id) : records;
    return mine.map((record) => [record, this.value(where, record)]);
  }

  private all(places: readonly At[], record?: RecordRow): Value[] {
    return places.map((at) => this.value(at, record));
  }

  private workedOut(row: Expression, record: RecordRow | undefined): Value {
    switch (row[0]) {
      case "literal":
        return row[1];
      case "today":
        return this.today;
      case "fact":
        return (this.facts[row[1]] ?? null) as Value;
      case "field":
        return (record?.[row[1]] ?? null) as Value;
      case "step":
        return this.steps.get(row[1]) ?? null;
      case "and": {
        const found = this.all(row[1], record);
        return found.includes(false) ? false : found.includes(null) ? null : true;
      }
      case "or": {
        const found = this.all(row[1], record);
        return found.includes(true) ? true : found.includes(null) ? null : false;
      }
      case "not": {
        const value = this.value(row[1], record);
        return value === null ? null : value === false;
      }
      case "is_known":
        return this.value(row[1], record) !== null;
      case "compare": {
        const [left, right] = [this.value(row[2], record), this.value(row[3], record)];
        return left === null || right === null ? null : compared(row[1], left, right);
      }
      case "one_of": {
        const value = this.value(row[1], record);
        return value === null ? null : row[2].includes(value);
      }
      case "add_days":
      case "add_months":
        return this.called(row[0], [this.value(row[1], record), this.value(row[2], record)]);
      case "days_between":
        return ofNumbers(this.value(row[1], record), this.value(row[2], record), (later, earlier) => later - earlier);
      case "sum":
        return ofNumbers(this.value(row[1], record), this.value(row[2], record), (left, right) => left + row[3] * right);
      case "product":
        return ofNumbers(this.value(row[1], record), row[2], (value, factor) => value * factor);
      case "call":
        return this.called(row[1], this.all(row[2], record));
      case "latest":
      case "earliest": {
        const found = this.all(row[1], record);
        if (found.includes(null)) return null;
        return (row[0] === "latest" ? Math.max : Math.min)(...(found as number[]));
      }
      case "first_known":
        return this.all(row[1], record).find((value) => value !== null) ?? null;
      case "choice": {
        const holds = this.value(row[1], record);
        return holds === null ? null : this.value(holds === true ? row[2] : row[3], record);
      }
      case "aggregate":
        return this.aggregated(row);
      case "earliest_within": {
        const [low, high] = [this.value(row[2]) as Day | null, this.value(row[3]) as Day | null];
        if (low === null || high === null) return null;
        return daysOf(this.value(row[1])).find((day) => low <= day && day < high) ?? null;
      }
      case "has_dates":
        return daysOf(this.value(row[1])).length > 0;
    }
  }

  private called(name: string, values: readonly Value[]): Value {
    const move = this.calendar[name];
    if (move === undefined) throw new Error(`the calendar has no ${name}`);
    return values.includes(null) ? null : move(...(values as number[]));
  }

  private aggregated(row: Extract<Expression, readonly ["aggregate", ...unknown[]]>): Value {
    const [, name, , field, , nth] = row;
    const judged = this.judgedBy(row);
    const taken = judged.filter(([, holds]) => holds === true).map(([record]) => record);
    const days = taken.map((record) => record["date"] as Day);
    const fieldOf = (record: RecordRow | undefined): Value => (record?.[field] ?? null) as Value;
    switch (name) {
      case "exists":
        return taken.length > 0 ? true : judged.some(([, holds]) => holds === null) ? null : false;
      case "count":
        return taken.length;
      case "days_with":
        return new Set(days).size;
      case "months_with":
        return new Set(days.map((day) => this.called("month_index", [day]))).size;
      case "dates":
        return days;
      case "first":
        return fieldOf(taken[0]);
      case "last":
        return fieldOf(taken.at(-1));
      case "nth":
        return fieldOf(taken.at(nth > 0 ? nth - 1 : nth));
    }
    const known = taken.map(fieldOf).filter((value) => value !== null) as number[];
    if (known.length === 0) return null;
    return name === "min" ? Math.min(...known) : name === "max" ? Math.max(...known) : known.reduce((a, b) => a + b);
  }
}

function compared(op: string, left: Value, right: Value): boolean {
  if (op === "=") return left === right;
  if (op === "!=") return left !== right;
  const [a, b] = [left as number, right as number];
  return op === "<" ? a < b : op === "<=" ? a <= b : op === ">" ? a > b : a >= b;
}

function ofNumbers(left: Value, right: Value, work: (left: number, right: number) => number): Value {
  return left === null || right === null ? null : work(left as number, right as number);
}

function daysOf(value: Value): readonly Day[] {
  return value as readonly Day[];
}
