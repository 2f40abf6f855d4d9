// The walls between the rooms of web/src, as .importlinter holds those of src/siklus: imports point down this list only.
// Rooms that stand side by side may not import each other. Never loosen the list to pass; move the code.
import { readdirSync } from "node:fs";

/** Top to bottom. */
export const LAYERS = [["sync"], ["records"], ["rules"], ["kernel"]];
const LOADS_CODE = "src/rules/load.ts";
const KNOWS_THE_CALENDAR = "src/kernel/dates.ts";

/**
 * What eslint forbids in the rooms. A room that is not in the list is a fault of its own.
 * @returns {import("eslint").Linter.Config[]}
 */
export function walls() {
  const rooms = readdirSync(new URL("src", import.meta.url));
  const strange = rooms.filter((room) => !LAYERS.flat().includes(room));
  if (strange.length > 0) throw new Error(`no room of the list in walls.mjs: ${strange.join(", ")}`);
  return [
    ...LAYERS.flatMap((side, level) => side.map((room) => wallsOf(room, LAYERS.slice(level + 1).flat()))),
    {
      // The text of a dynamic import can be anything; no wall holds it.
      files: ["src/**/*.ts"],
      ignores: [LOADS_CODE],
      rules: { "no-restricted-syntax": ["error", { selector: "ImportExpression", message: `Only ${LOADS_CODE} loads code.` }] },
    },
    {
      files: ["src/**/*.ts"],
      ignores: [KNOWS_THE_CALENDAR],
      rules: { "no-restricted-globals": ["error", { name: "Date", message: `Days are numbers; only ${KNOWS_THE_CALENDAR} knows the calendar, and today is an argument.` }] },
    },
  ];
}

/**
 * @param {string} room
 * @param {string[]} below
 * @returns {import("eslint").Linter.Config}
 */
function wallsOf(room, below) {
  const own = "\\./[^/]+$";
  const lower = below.length > 0 ? `|\\.\\./(${below.join("|")})/[^/]+$` : "";
  const message = `${room} may import ${["itself", ...below].join(", ")} and no package: a package on phones is a decision.`;
  return {
    files: [`src/${room}/**/*.ts`],
    rules: { "no-restricted-imports": ["error", { patterns: [{ regex: `^(?!${own}${lower})`, message }] }] },
  };
}
