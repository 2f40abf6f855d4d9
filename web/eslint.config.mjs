// Faults that types alone do not find, and the walls between the rooms. Layout is nobody's business here.
import { defineConfig } from "eslint/config";
import tseslint from "typescript-eslint";

import { walls } from "./walls.mjs";

const typed = { languageOptions: { parserOptions: { project: ["./tsconfig.tests.json"], tsconfigRootDir: import.meta.dirname } } };

export default defineConfig(
  { ignores: ["made/", "node_modules/"] },
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.strictTypeChecked, typed],
    rules: {
      eqeqeq: "error",
      "no-console": "error",
      "no-eval": "error",
      "no-implied-eval": "error",
      "no-new-func": "error",
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
    },
  },
  ...walls(),
);
