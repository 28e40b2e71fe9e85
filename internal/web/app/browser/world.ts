import { existsSync } from "node:fs";
import type { Page } from "playwright-core";
import type { Demo } from "./demo";

// World is what the browser tests on the real program share: one demo, one
// browser, one signed-in page.
export interface World {
  readonly demo: Demo;
  readonly page: () => Page;
  readonly get: <T>(path: string) => Promise<T>;
  readonly notice: (said: string) => ReturnType<Page["locator"]>;
  readonly complaints: string[];
}

export const executable = process.env.CHROMIUM ?? "/usr/bin/chromium";
export const browserIsThere = existsSync(executable);
