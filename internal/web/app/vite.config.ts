import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

// The server of `threadline demo` or `threadline serve` behind `npm run dev`.
const server = process.env.THREADLINE_URL ?? "http://127.0.0.1:8080";

export default defineConfig({
  plugins: [react()],
  build: {
    target: "es2023",
    // Nothing may be inlined: the policy of the server allows no inline script,
    // and the files are small enough to be asked for by name.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 450, // a third of that when compressed
  },
  server: {
    proxy: Object.fromEntries(["/api", "/addon", "/openapi.json"].map((path) => [path, { target: server }])),
  },
  test: {
    testTimeout: 60_000, // a machine may be busy; a test that hangs still ends
    environment: "jsdom",
    setupFiles: ["./vitest.setup.ts"],
    include: ["src/**/*.test.{ts,tsx}", "scripts/**/*.test.mjs"],
    restoreMocks: true,
  },
});
