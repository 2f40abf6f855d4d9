/**
 * The words of the knowledge as the server writes them (`siklus.library.phone`): closed lists, kinds of record with
 * their fields, what rules are called. No name of a field and no limit stands in this program.
 */
export type FieldType = "bool" | "int" | "date" | "need" | "text" | "decimal" | "code" | "record";

export interface Field {
  readonly type: FieldType;
  /** Decimal places kept by a measurement. */
  readonly places: number;
  readonly codes: string | null;
  readonly nullable: boolean;
  readonly label: string;
  readonly unit: string;
  /** Outside it a value is refused. */
  readonly possible: readonly [number, number] | null;
  /** Outside it a value is asked about again. */
  readonly plausible: readonly [number, number] | null;
  readonly ask: string;
  /** Another day of the same record (`date` is its own) that this one must keep to; empty for none. */
  readonly not_before: string;
  readonly not_after: string;
}

export interface Code {
  readonly label: string;
  /** Understood on the way in, never stored. */
  readonly aliases: readonly string[];
}

export interface Kind {
  readonly title: string;
  readonly of: string;
  readonly episode: string | null;
  readonly register: boolean;
  readonly fields: Readonly<Record<string, Field>>;
  /** Worked out from a record, never written: what they are called and in what they are measured. */
  readonly derived: Readonly<Record<string, Field>>;
}

export interface Episode {
  readonly title: string;
  /** The records that can open it: of a kind, or those of them whose code field has this value. */
  readonly openers: readonly { readonly kind: string; readonly field: string | null; readonly value: string | null }[];
}

export interface Vocabulary {
  readonly codes: Readonly<Record<string, Readonly<Record<string, Code>>>>;
  readonly person: Readonly<Record<string, Field>>;
  readonly household: Readonly<Record<string, Field>>;
  readonly kinds: Readonly<Record<string, Kind>>;
  readonly episodes: Readonly<Record<string, Episode>>;
}

export interface NeedWords {
  readonly title: string;
  readonly package: string;
  readonly unit: string;
  readonly by: readonly { readonly at: string; readonly who: readonly string[] }[];
  /** Whether people are sought out for it, or it is asked and done when they are met; no answer depends on it. */
  readonly reach: "active" | "opportunistic";
  readonly cites: string;
  readonly confidence: string;
}

export interface Knowledge {
  readonly rulebook: string;
  readonly vocabulary: Vocabulary;
  readonly packages: Readonly<Record<string, { readonly title: string; readonly klaster: string }>>;
  readonly needs: Readonly<Record<string, NeedWords>>;
  readonly indicators: Readonly<Record<string, { readonly title: string; readonly labels: Readonly<Record<string, string>> }>>;
  readonly classifications: Readonly<Record<string, { readonly title: string; readonly says: Readonly<Record<string, string>> }>>;
}
