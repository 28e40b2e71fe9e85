import { type ChildProcess, execFile, spawn } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";

const repository = join(import.meta.dirname, "../../../..");

async function built(dir: string): Promise<string> {
  const binary = join(dir, "threadline");
  await promisify(execFile)("go", ["build", "-trimpath", "-o", binary, "./cmd/threadline"], { cwd: repository });
  return binary;
}

// Demo is the real program, built with the app that lies in dist
// (or THREADLINE_BIN, built before), with a mailbox
// of its own on loopback.
export class Demo {
  url = "";
  link = ""; // signs in once
  binary = "";
  mailbox = { host: "", port: 0, login: "", password: "" };
  private dir = "";
  private process: ChildProcess | undefined;

  async start() {
    this.dir = await mkdtemp(join(tmpdir(), "threadline-demo-"));
    this.binary = process.env.THREADLINE_BIN ?? (await built(this.dir));
    const run = spawn(this.binary, ["demo", "--listen", "127.0.0.1:0", "--mails", "0"], {
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
    const ticket = JSON.parse(await Promise.race([first, ended])) as Pick<Demo, "url" | "mailbox">;
    this.url = ticket.url;
    this.mailbox = ticket.mailbox;
    this.link = await Promise.race([link, ended]);
  }

  // linkOf lets a colleague in once.
  async linkOf(email: string): Promise<string> {
    return /http\S+/.exec(await this.command("user", "link", email))?.[0] ?? "";
  }

  // command runs one of the operator.
  async command(...words: string[]): Promise<string> {
    const [data = ""] = (await readdir(this.dir)).filter((name) => name.startsWith("threadline-demo-"));
    const { stdout } = await promisify(execFile)(this.binary, [...words, "--data", join(this.dir, data)]);
    return stdout;
  }

  async stop() {
    const gone = new Promise((done) => this.process?.once("exit", done));
    if (this.process?.kill("SIGTERM")) await gone;
    await rm(this.dir, { recursive: true, force: true });
  }
}

// Empty is the program as a new team starts it, with nobody and no mail in it.
export class Empty {
  url = "";
  private dir = "";
  private process: ChildProcess | undefined;

  async start(binary: string) {
    this.dir = await mkdtemp(join(tmpdir(), "threadline-empty-"));
    const run = spawn(
      binary,
      ["serve", "--data", this.dir, "--listen", "127.0.0.1:0", "--allow-net", "127.0.0.0/8", "--workspace-name", "Kos"],
      { stdio: ["ignore", "ignore", "pipe"] },
    );
    this.process = run;
    const ended = new Promise<never>((_, fail) => run.on("exit", (code) => fail(new Error(`it ended: ${code}`))));
    ended.catch(() => {}); // it ends when the test does
    const told = new Promise<string>((found) => {
      createInterface({ input: run.stderr }).on("line", (line) => {
        const url = /serves (http:\S+?)\/? /.exec(line)?.[1];
        if (url) found(url);
      });
    });
    this.url = await Promise.race([told, ended]);
  }

  // link adds a person and lets them in once.
  async link(binary: string, email: string): Promise<string> {
    const { stdout } = await promisify(execFile)(binary, ["user", "add", email, "--data", this.dir]);
    return /http\S+/.exec(stdout)?.[0] ?? "";
  }

  async stop() {
    const gone = new Promise((done) => this.process?.once("exit", done));
    if (this.process?.kill("SIGTERM")) await gone;
    await rm(this.dir, { recursive: true, force: true });
  }
}
