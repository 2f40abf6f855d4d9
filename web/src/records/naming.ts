/**
 * A record that names another of the same person, the opening of the episode it belongs to: the twin of
 * `records/naming.py`. A name in the log may lead nowhere later; at the door it must lead to a record that can open such
 * an episode.
 */
import { parseRecordId } from "../kernel/ids.ts";
import type { Episode, Vocabulary } from "../rules/vocabulary.ts";
import type { Data, Wire } from "./checks.ts";
import { inner } from "./words.ts";

/** A record of the person as it stands now, in stored words. */
export interface OwnRecord {
  readonly kind: string;
  readonly data: Data;
  readonly is_void?: boolean;
}

/** Ids of records of the person, each with its record. */
export type OwnRecords = { readonly [id: string]: OwnRecord };

/** True of `device-number`, as text. */
export function isRecordId(value: Wire): value is string {
  return typeof value === "string" && parseRecordId(value) !== null;
}

/** True when the record is there and can open such an episode. */
export function mayOpen(episode: Episode, named: OwnRecord | undefined): boolean {
  if (named === undefined || named.is_void === true) return false;
  return episode.openers.some(
    ({ kind, field, value }) =>
      kind === named.kind && (field === null || (Object.hasOwn(named.data, field) && named.data[field] === value)),
  );
}

/** Why the record cannot be named. Of other people nothing is said, not even that they have such a record. */
export function whyNot(episode: Episode, name: string, named: OwnRecord | undefined, { kinds }: Vocabulary): string {
  if (named === undefined) return `catatan ${name} tidak ada pada orang ini`;
  if (named.is_void === true) return `catatan ${name} sudah dibatalkan`;
  const kind = Object.hasOwn(kinds, named.kind) ? kinds[named.kind] : undefined;
  const title = kind === undefined ? named.kind : inner(kind.title);
  return `catatan ${name} (${title}) tidak membuka ${inner(episode.title)}`;
}
