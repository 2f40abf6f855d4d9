/** The files of conformance/ as they stand: read, not imported, so that no name in them becomes code. */
import { readFileSync } from "node:fs";

const FOLDER = new URL("../../conformance/", import.meta.url);

export function read(name: string): unknown {
  return JSON.parse(readFileSync(new URL(name, FOLDER), "utf8"));
}
