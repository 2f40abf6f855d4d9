import { defineConfig } from "vitest/config";

// A busy machine is no fault of the code. Files share one process: none of them keeps anything that another could see.
export default defineConfig({
  test: { include: ["tests/**/*.test.ts"], testTimeout: 60_000, pool: "threads", isolate: false },
});
