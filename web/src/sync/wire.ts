/** What travels between phone and server, version 1: the twin of `sync/wire.py` as far as a phone needs it. */
import { parseDay } from "../kernel/dates.ts";
import { parseRecordId } from "../kernel/ids.ts";

/** Anything JSON can say. What this phone does not know is kept and sent back as it came. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };
export type Body = Readonly<Record<string, Json>>;

/** A record as this phone wrote it; `seen` is how far it had pulled then. */
export interface Item {
  readonly id: string;
  readonly seen: number;
  readonly [name: string]: Json;
}

/** A record as the server tells it. */
export interface Told {
  readonly id: string;
  readonly seq: number;
  readonly person?: string;
  readonly household?: string;
  readonly root?: string;
  readonly [name: string]: Json | undefined;
}

/** What became of one item of a push. */
export interface Answer {
  readonly id: string;
  readonly status: "accepted" | "duplicate" | "refused";
  readonly seq?: number;
  readonly problems?: readonly { readonly found: string }[];
  readonly final?: boolean;
}

/** What became of something that was refused; numbers rise by one for each phone. */
export interface Outcome {
  readonly number: number;
  readonly id: string;
  readonly state: string;
  readonly reason: string;
  readonly seq: number | null;
}

export interface Page {
  readonly records: readonly Told[];
  readonly forget: { readonly persons: readonly string[]; readonly households: readonly string[] };
  readonly drop: readonly string[];
  readonly upto: number;
  readonly cursor: string;
}

const CONTENT = ["id", "kind", "on", "person", "household", "data", "oleh", "tempat", "root", "void", "why", "author"];
const TEXTS = { kind: 40, oleh: 20, tempat: 20, why: 300 };
/** How many bytes a record may say, and how many lists and objects may stand in one another in what it says. */
const LARGEST = 64 * 1024;
const DEEPEST = 16;

/** The codes of what is wrong with the shape of an item, in order: the server would refuse what has one. */
export function faultsOf(item: Json): string[] {
  if (!isBody(item)) return ["W01"];
  if (!isId(item["id"])) return ["W02"];
  const found: string[] = [];
  for (const [name, longest] of Object.entries(TEXTS)) {
    const value = item[name] === undefined ? "" : item[name];
    const isText = typeof value === "string" && Array.from(value).length <= longest;
    if (!isText || (name === "kind" && value === "")) found.push("W03");
  }
  for (const name of ["person", "household", "root"]) {
    if (!isAbsent(item[name]) && !isId(item[name])) found.push("W04");
  }
  if (parseDay(item["on"]) === null) found.push("W05");
  if (item["data"] !== undefined && !isBody(item["data"])) found.push("W06");
  if (item["void"] !== undefined && typeof item["void"] !== "boolean") found.push("W07");
  if (!["author", "seen"].every((name) => isAbsent(item[name]) || isWhole(item[name]))) found.push("W08");
  if (new TextEncoder().encode(contentOf(item)).length > LARGEST) found.push("W10");
  if (isDeeper(item["data"] ?? null, DEEPEST)) found.push("W11");
  return found;
}

/** One text for the same content, whatever the order of its parts; empty parts count as absent. */
export function contentOf(item: Body): string {
  const known = CONTENT.filter((name) => !isEmpty(item[name])).map((name) => [name, item[name] ?? null] as const);
  return written(known.length > 0 ? Object.fromEntries(known) : item);
}

/** What the server knows the content by: SHA-256 of its text. */
export async function digestOf(item: Body): Promise<string> {
  const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(contentOf(item)));
  return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function written(value: Json): string {
  if (isList(value)) return `[${value.map(written).join(",")}]`;
  if (!isBody(value)) return JSON.stringify(value);
  const names = Object.keys(value).sort(byCodePoint);
  return `{${names.map((name) => `${JSON.stringify(name)}:${written(value[name] ?? null)}`).join(",")}}`;
}

/** The order of code points: `sort` alone would compare halves of letters. */
function byCodePoint(a: string, b: string): number {
  const [left, right] = [Array.from(a), Array.from(b)];
  const place = left.findIndex((letter, at) => letter !== right[at]);
  if (place < 0) return left.length - right.length;
  return (left[place]?.codePointAt(0) ?? 0) - (right[place]?.codePointAt(0) ?? -1);
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

function isBody(value: Json): value is Body {
  return typeof value === "object" && value !== null && !isList(value);
}

function isAbsent(value: Json | undefined): boolean {
  return value === undefined || value === null;
}

function isEmpty(value: Json | undefined): boolean {
  if (isAbsent(value) || value === "" || value === false || value === 0) return true;
  return value !== undefined && isBody(value) && Object.keys(value).length === 0;
}

function isId(value: Json | undefined): boolean {
  return typeof value === "string" && parseRecordId(value) !== null;
}

/** True when more than so many lists and objects stand in one another. */
function isDeeper(value: Json, most: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  return most === 0 || Object.values(value).some((part: Json) => isDeeper(part, most - 1));
}

function isWhole(value: Json | undefined): boolean {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}
