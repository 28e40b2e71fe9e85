import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import type { Demo } from "./demo";

// World is what the browser tests on the real program share: one demo, one
// browser, one signed-in page.
export interface World {
  readonly demo: Demo;
  readonly browser: () => Browser;
  readonly page: () => Page;
  readonly listen: (to: Page) => void; // its complaints are ours
  readonly get: <T>(path: string) => Promise<T>;
  readonly notice: (said: string) => ReturnType<Page["locator"]>;
  readonly complaints: string[];
}

export const executable = process.env.CHROMIUM ?? "/usr/bin/chromium";
export const pictures = process.env.PICTURES ?? join(tmpdir(), "threadline-pictures");

// installed tells whether there is what some tests need beside Node: a browser,
// and Go when they run the program. Where there is not, it says what is not
// tested; in CI nothing may be missing.
export function installed(tests: string, go: boolean): boolean {
  const missing = [];
  if (!existsSync(executable)) missing.push(`browser at ${executable} (set CHROMIUM)`);
  if (go && !runs("go")) missing.push("Go");
  if (missing.length === 0) return true;
  const said = `SKIPPED, NOT TESTED: ${tests}: there is no ${missing.join(", no ")}`;
  if (process.env.CI) throw new Error(said);
  process.stderr.write(`${said}\n`);
  return false;
}

function runs(command: string): boolean {
  try {
    execFileSync(command, ["version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
