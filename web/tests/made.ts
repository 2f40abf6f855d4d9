/** The real module of today's rule book, as `siklus rules javascript --out web/made` writes it before the tests. */
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

import type { Reach } from "../src/rules/load.ts";

const MADE = new URL("../made/", import.meta.url);

export const fromDisk: Reach = {
  json: async (address) => JSON.parse(await readFile(new URL(address, MADE), "utf8")) as unknown,
  module: async (address) => (await import(fileURLToPath(new URL(address, MADE)))) as object,
};
