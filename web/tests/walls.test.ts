import { ESLint } from "eslint";
import { expect, test } from "vitest";
import { parser } from "typescript-eslint";

import { walls } from "../walls.mjs";

const eslint = new ESLint({
  cwd: new URL("..", import.meta.url).pathname,
  overrideConfigFile: true,
  overrideConfig: [{ files: ["**/*.ts"], languageOptions: { parser } }, ...walls()],
});

/** How often these lines break a wall where they stand in that file. */
async function broken(filePath: string, text: string): Promise<number> {
  const [result] = await eslint.lintText(text, { filePath });
  return result?.errorCount ?? -1;
}

test.each([
  ["src/rules/load.ts", 'import type { Day } from "../kernel/dates.ts";\nexport type X = Day;'],
  ["src/records/checks.ts", 'export { nearest } from "./nearest.ts";\nexport * from "../rules/module.ts";'],
  ["src/rules/load.ts", "export const load = (address: string): Promise<unknown> => import(address);"],
])("%s may say %s", async (path, text) => {
  expect(await broken(path, text)).toBe(0);
});

test.each([
  ["src/kernel/dates.ts", 'export * from "../records/checks.ts";'],
  ["src/rules/load.ts", 'export * from "../records/words.ts";'],
  ["src/records/checks.ts", 'import "preact";'],
  ["src/records/checks.ts", 'import "node:fs";'],
  ["src/records/checks.ts", 'export * from "../../tests/conformance.ts";'],
  ["src/records/checks.ts", 'export const late = import("./words.ts");'],
  ["src/records/checks.ts", "export const today = Date.now();"],
])("%s may not say %s", async (path, text) => {
  expect(await broken(path, text)).toBe(1);
});
