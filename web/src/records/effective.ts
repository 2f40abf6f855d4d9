/**
 * Effective records, the twin of `records/effective.py`: of all rows naming one root the newest by sequence counts; a
 * void root disappears. The effective record keeps the root's id, so that order and episode keys do not jump.
 */
import type { Day } from "../kernel/dates.ts";
import type { Data } from "./checks.ts";

/** A row of the record log. `root` is the record's own id unless it corrects or voids another one. */
export interface StoredRecord {
  readonly id: number;
  /** The server's sequence; of the phone's own unsent rows a number after all of those. */
  readonly seq: number;
  readonly kind: string;
  readonly on: Day;
  readonly root: number;
  readonly is_void: boolean;
  readonly data: Data;
  readonly by_role: string;
  readonly place_kind: string;
}

/** The records that count, sorted by (day, id). */
export function effective(rows: Iterable<StoredRecord>): StoredRecord[] {
  const newest = new Map<number, StoredRecord>();
  for (const row of rows) {
    const known = newest.get(row.root);
    if (known === undefined || row.seq > known.seq) newest.set(row.root, row);
  }
  return [...newest.values()]
    .filter((row) => !row.is_void)
    .map((row) => (row.id === row.root ? row : { ...row, id: row.root }))
    .sort((a, b) => a.on - b.on || a.id - b.id);
}
