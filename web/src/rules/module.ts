/**
 * The module of a rule book as every book has it. The module's own types (`rules-HASH.d.ts`) are narrower: they name
 * its needs and indicators; `tests/module.test.ts` holds them to these.
 */
import type { Day } from "../kernel/dates.ts";

/** One person: every fact by name, null where unknown; `died` is null while alive. */
export interface Person {
  readonly id: number;
  readonly died: Day | null;
  readonly [fact: string]: unknown;
}

/** An effective record in the values of engines: decimals as whole numbers of 10^-n, dates as days. */
export interface EngineRecord {
  readonly kind: string;
  readonly date: Day;
  readonly id: number;
  readonly [field: string]: unknown;
}

export interface Life {
  readonly person: Person;
  readonly records: readonly EngineRecord[];
}

/** Half-open: `start <= day < stop`. */
export interface Period {
  readonly kind: string;
  readonly start: Day;
  readonly stop: Day;
}

export interface Facts {
  readonly id: number;
  readonly died: Day | null;
  readonly [fact: string]: unknown;
}

/** A record as the module reads it. */
export interface Row {
  readonly [field: string]: unknown;
}

/** The person or an episode, with the records by the place of their kind. */
export interface Unit {
  readonly unit: string;
  readonly facts: Facts;
  readonly records: readonly (readonly Row[])[];
}

/** The calendar, by the names of the rule language. */
export interface Calendar {
  readonly [name: string]: (...values: number[]) => number;
}

export type Kept = boolean | number | string | null | readonly Day[];
export type State = { readonly [place: string]: Kept };

/** A unit with its accumulators, in the order of the plan. */
export interface FoldedUnit {
  readonly unit: string;
  readonly facts: Facts;
  readonly kept: readonly Kept[];
}

export interface NeedAnswer {
  readonly need: string;
  readonly unit: string;
  readonly unit_id: number;
  /** 0 for a one-off, else the first day of the occurrence; with need and unit it is the key of the need. */
  readonly occurrence: number | null;
  readonly status: string;
  readonly opens: Day | null;
  readonly due: Day | null;
  readonly overdue: Day | null;
  readonly until: Day | null;
  readonly asks: readonly string[];
}

export interface IndicatorAnswer {
  readonly indicator: string;
  readonly unit: string;
  readonly unit_id: number;
  readonly counted: boolean | null;
  readonly components: { readonly [component: string]: boolean | null };
  readonly reached: boolean | null;
}

export interface ClassAnswer {
  readonly classification: string;
  readonly unit_id: number;
  readonly value: string | null;
  readonly do: string | null;
}

export interface RulesModule {
  /** The hash of the rule book; states and answers belong to it. */
  readonly rulebook: string;
  /** With a day, a household's records hold also what its members come to on that day. */
  units(life: Life, today?: Day | null): Unit[];
  fold(life: Life): FoldedUnit[];
  finish(folded: readonly FoldedUnit[], today: Day): NeedAnswer[];
  needs(life: Life, today: Day): NeedAnswer[];
  indicators(life: Life, today: Day, period: Period): IndicatorAnswer[];
  classes(life: Life, today: Day): ClassAnswer[];
  stateOf(folded: FoldedUnit): State;
  /** The text of a state, the same to the byte as the server's. */
  stateText(folded: FoldedUnit): string;
  unfold(unit: string, facts: Facts, state: State): FoldedUnit;
  readonly calendar: Calendar;
  /** Hands over the module of growth, once it is loaded (`RuleBook.loadGrowth`). */
  useGrowth(module: object): void;
  /** Every z-score of one record by field, with what is wrong with it. */
  scores(person: Person, record: EngineRecord): { readonly [field: string]: Score };
}

/** Hundredths, or null; `why` is empty when nothing is wrong: implausible, oedema, outside, or what is not known. */
export interface Score {
  readonly value: number | null;
  readonly why: string;
}
