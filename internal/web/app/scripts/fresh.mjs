// Writes src/api.gen.ts from the server as it is now: builds the program, asks
// its demo for the OpenAPI document, and stops it.

import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { typesOf } from "./types.mjs";

const repository = join(import.meta.dirname, "../../../..");
const dir = mkdtempSync(join(tmpdir(), "threadline-fresh-"));
const binary = join(dir, "threadline");
execFileSync("go", ["build", "-trimpath", "-o", binary, "./cmd/threadline"], { cwd: repository, stdio: "inherit" });
const run = spawn(binary, ["demo", "--listen", "127.0.0.1:0", "--mails", "0"], {
  env: { ...process.env, TMPDIR: dir },
  stdio: ["ignore", "pipe", "ignore"],
});
const line = await new Promise((told, fail) => {
  createInterface({ input: run.stdout }).once("line", told);
  run.once("exit", (code) => fail(new Error(`the demo ended: ${code}`)));
});
const answer = await fetch(`${JSON.parse(line).url}/openapi.json`);
writeFileSync(join(import.meta.dirname, "../src/api.gen.ts"), typesOf(await answer.json()));
run.removeAllListeners("exit");
run.once("exit", () => rmSync(dir, { recursive: true, force: true }));
run.kill("SIGTERM");
