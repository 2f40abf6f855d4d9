import { defineConfig } from "vitest/config";

// A busy machine is no fault of the code.
export default defineConfig({ test: { include: ["tests/**/*.test.ts"], testTimeout: 60_000 } });
