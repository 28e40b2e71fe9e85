import { type ChildProcess, execFile, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";

const repository = join(import.meta.dirname, "../../../..");

// Demo is the real program, built with the app that lies in dist, with a mailbox
// of its own on loopback.
export class Demo {
  url = "";
  link = ""; // signs in once
  private dir = "";
  private process: ChildProcess | undefined;

  async start() {
    this.dir = await mkdtemp(join(tmpdir(), "threadline-demo-"));
    const binary = join(this.dir, "threadline");
    await promisify(execFile)("go", ["build", "-trimpath", "-o", binary, "./cmd/threadline"], { cwd: repository });
    const run = spawn(binary, ["demo", "--listen", "127.0.0.1:0", "--mails", "0"], {
      env: { ...process.env, TMPDIR: this.dir },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.process = run;
    const link = new Promise<string>((told) => {
      createInterface({ input: run.stderr }).on("line", (line) => /\/sign-in#/.test(line) && told(line.trim()));
    });
    const ended = new Promise<never>((_, fail) => run.on("exit", (code) => fail(new Error(`the demo ended: ${code}`))));
    ended.catch(() => {}); // it ends when the tests do
    const first = new Promise<string>((told) => createInterface({ input: run.stdout }).once("line", told));
    this.url = (JSON.parse(await Promise.race([first, ended])) as { url: string }).url;
    this.link = await Promise.race([link, ended]);
  }

  async stop() {
    const gone = new Promise((done) => this.process?.once("exit", done));
    if (this.process?.kill("SIGTERM")) await gone;
    await rm(this.dir, { recursive: true, force: true });
  }
}
