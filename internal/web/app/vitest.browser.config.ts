import { defineConfig } from "vitest/config";

// The built app in a real Chromium against a small server of the contract.
export default defineConfig({
  test: {
    environment: "node",
    include: ["browser/**/*.test.ts"],
    // A machine may be slow, and busy besides.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 120_000 } },
    fileParallelism: false,
  },
});
