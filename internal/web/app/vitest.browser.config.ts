import { defineConfig } from "vitest/config";

// The built app in a real Chromium against a small server of the contract.
export default defineConfig({
  test: {
    environment: "node",
    include: ["browser/**/*.test.ts"],
    testTimeout: 30_000,
    hookTimeout: 30_000,
    fileParallelism: false,
  },
});
