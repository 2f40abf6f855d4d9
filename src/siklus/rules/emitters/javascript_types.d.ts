/** A day: 1970-01-01 is 0. Null where unknown, or where there is no such limit. */
export type Day = number;

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

/** A person; or a household, whose facts stand in `person`, with the lives of those who live in it. */
export interface Life {
  readonly person: Person;
  readonly records: readonly EngineRecord[];
  readonly members?: readonly Life[] | null;
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

/** The person or an episode, with the records by the place of their kind (`kinds`). */
export interface Unit {
  readonly unit: UnitName;
  readonly facts: Facts;
  readonly records: readonly (readonly { readonly [field: string]: unknown }[])[];
}

export type Kept = boolean | number | string | null | readonly Day[];

/** A unit with its accumulators, in the order of the plan; a household with its members, each with a state of its own. */
export interface FoldedUnit {
  readonly unit: UnitName;
  readonly facts: Facts;
  readonly kept: readonly Kept[];
  readonly members: readonly FoldedUnit[];
}

/** The accumulators that hold something, by place. */
export type State = { readonly [place: string]: Kept };

export interface NeedAnswer {
  readonly need: NeedName;
  readonly unit: UnitName;
  readonly unit_id: number;
  readonly occurrence: number | null;
  readonly status: Status;
  readonly opens: Day | null;
  readonly due: Day | null;
  readonly overdue: Day | null;
  readonly until: Day | null;
  readonly asks: readonly string[];
}

export interface IndicatorAnswer {
  readonly indicator: IndicatorName;
  readonly unit: UnitName;
  readonly unit_id: number;
  readonly counted: boolean | null;
  readonly components: { readonly [component: string]: boolean | null };
  readonly reached: boolean | null;
}

export interface ClassAnswer {
  readonly classification: ClassificationName;
  readonly unit_id: number;
  readonly value: string | null;
  readonly do: string | null;
}

/** The hash of the rule book; states and answers belong to it. */
export const rulebook: string;
/** The place of each kind of record that is read. */
export const kinds: { readonly [kind: string]: number };

/** The person and each episode. */
export function units(life: Life, today?: Day | null): Unit[];
/** The state of every unit that some need is about. */
export function fold(life: Life): FoldedUnit[];
/** Answers of a day from the state; nothing for the dead. */
export function finish(folded: readonly FoldedUnit[], today: Day): NeedAnswer[];
/** Every need of every unit on a day, from the records. */
export function needs(life: Life, today: Day): NeedAnswer[];
/** Every indicator of the period's kind, judged on its cut-off day. */
export function indicators(life: Life, today: Day, period: Period): IndicatorAnswer[];
/** Every classification that has something to judge. */
export function classes(life: Life, today: Day): ClassAnswer[];
/** What is stored of a unit, and its text: the same on phone and server. */
export function stateOf(folded: FoldedUnit): State;
export function stateText(folded: FoldedUnit): string;
/** The calendar, by the names of the rule language: the only place where months are moved. */
export const calendar: { readonly [name: string]: (...values: number[]) => number };
/** Hands over the module `growth-*.js`, once it is loaded. Whoever asks for a z-score before gets an Error. */
export function useGrowth(module: object): void;
/** Hundredths, or null; `why` is empty when nothing is wrong: implausible, oedema, outside, or what is not known. */
export interface Score {
  readonly value: number | null;
  readonly why: string;
}
/** Every z-score of one record by field, with what is wrong with it; `useGrowth` comes first. */
export function scores(person: Person, record: EngineRecord): { readonly [field: string]: Score };
/** A unit from its stored state and its facts; a household with its members, who are unfolded first. */
export function unfold(unit: UnitName, facts: Facts, state: State, members?: readonly FoldedUnit[]): FoldedUnit;
