import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { extname, join, normalize } from "node:path";
import type { Mailbox } from "../src/api/types";
import type { DeadView } from "../src/api.gen";
import { mailbox, opened, rows } from "./mail";

// Fake is a small server of the contract between this app and Threadline, under
// the same policy as the real one. It keeps what it was asked.
export class Fake {
  readonly events: unknown[] = [];
  readonly asked: string[] = [];
  signedIn = true;
  locale = "en";
  mailboxes: () => Mailbox[] = () => [mailbox(Number.POSITIVE_INFINITY)];
  empty = false;
  dead: DeadView[] = [];
  firstCard: unknown = fixture("message");
  private rows = rows;
  private server: Server | undefined;

  arrive(subject: string) {
    const first = this.rows[0];
    if (first) this.rows = [{ ...first, id: "msg_new", subject, date: new Date().toISOString() }, ...this.rows];
  }

  async start(): Promise<string> {
    const server = createServer((request, response) => void this.answer(request, response));
    this.server = server;
    await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
    const address = server.address();
    if (typeof address !== "object" || !address) throw new Error("no address");
    return `http://127.0.0.1:${address.port}`;
  }

  async stop() {
    this.server?.closeAllConnections();
    await new Promise((done) => this.server?.close(done));
  }

  private async answer(request: IncomingMessage, response: ServerResponse) {
    const url = new URL(request.url ?? "/", "http://fake");
    this.asked.push(`${request.method} ${url.pathname}`);
    response.setHeader("Content-Security-Policy", policy);
    if (url.pathname.startsWith("/api/") || url.pathname.startsWith("/addon/")) {
      const { status, body } = this.api(request.method ?? "GET", url, await read(request));
      response.statusCode = status;
      response.setHeader("Content-Type", status < 400 ? "application/json" : "application/problem+json");
      response.end(body === undefined ? "" : JSON.stringify(body));
      return;
    }
    if (url.pathname === "/demo/token") {
      response.setHeader("Content-Type", "application/json");
      response.end(JSON.stringify({ systemIdToken: "system.of.demo", userIdToken: "user.of.demo" }));
      return;
    }
    const file = extname(url.pathname) ? url.pathname : "/index.html";
    const found = readDist(file);
    response.statusCode = found ? 200 : 404;
    response.setHeader("Content-Type", types[extname(file)] ?? "application/octet-stream");
    response.end(found);
  }

  private api(method: string, url: URL, body: unknown): { status: number; body?: unknown } {
    const { pathname } = url;
    if (method === "POST" && pathname === "/api/v1/session") return this.signIn(body);
    if (!this.signedIn) return problem(401, "Nobody is signed in.", "Open a sign-in link.");
    if (method === "DELETE" && pathname === "/api/v1/session") {
      this.signedIn = false;
      return { status: 204 };
    }
    if (pathname === "/api/v1/me") {
      const user = { id: "usr_1", email: "piotr@threadline.example", name: "Piotr Kos", locale: this.locale };
      return { status: 200, body: { user, workspace: { id: "wsp_1", name: "Kos & Partners" } } };
    }
    if (pathname === "/api/v1/home") return { status: 200, body: { as_of: "", zone: "UTC", more: {} } };
    if (pathname === "/api/v1/drafts") return { status: 200, body: { items: [] } };
    if (pathname === "/api/v1/folders" || pathname === "/api/v1/pipelines") return { status: 200, body: { items: [] } };
    if (pathname === "/api/v1/mailboxes") return { status: 200, body: { items: this.mailboxes() } };
    if (pathname.includes("/dead")) return this.givenUp(pathname);
    if (pathname === "/api/v1/messages") return { status: 200, body: this.page(url.searchParams) };
    if (pathname.startsWith("/api/v1/messages/")) {
      const found = opened(decodeURIComponent(pathname.slice("/api/v1/messages/".length)));
      return found
        ? { status: 200, body: found }
        : problem(404, "There is no such message.", "It may have been deleted.");
    }
    if (method === "POST" && pathname === "/addon/v1/event") return { status: 200, body: this.card(body) };
    return problem(404, "There is nothing here.");
  }

  private givenUp(pathname: string) {
    const [, copy] = /dead\/(.+)\/retry$/.exec(pathname) ?? [];
    if (copy) this.dead = this.dead.filter((one) => one.copy !== copy);
    return copy ? { status: 204 } : { status: 200, body: { items: this.dead } };
  }

  private signIn(body: unknown) {
    if ((body as { token?: string }).token !== "good")
      return problem(401, "The link was used already.", "Ask for a new one.");
    this.signedIn = true;
    return { status: 204 };
  }

  private page(query: URLSearchParams) {
    const record = query.get("record");
    const all = this.empty
      ? []
      : this.rows.filter((row) => !record || row.links?.some((link) => link.record === record));
    const from = Number(query.get("cursor") ?? 0);
    const to = from + Number(query.get("limit"));
    return { items: all.slice(from, to), next: to < all.length ? String(to) : undefined };
  }

  private card(event: unknown): unknown {
    this.events.push(event);
    const common = (event as { commonEventObject: { parameters?: { op?: string } } }).commonEventObject;
    switch (common.parameters?.op) {
      case "deal":
        return fixture("widgets");
      case "stage":
      case "save":
        return {
          renderActions: { action: { navigations: [{ popToRoot: true }], notification: { text: "Stage saved" } } },
        };
      default:
        return this.firstCard;
    }
  }
}

const here = import.meta.dirname;
const policy = readFileSync(join(here, "../../policy.txt"), "utf8").trim().split("\n").join("; ");
const fixture = (name: string) => JSON.parse(readFileSync(join(here, `../src/card/testdata/${name}.json`), "utf8"));
const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
};

function problem(status: number, detail: string, hint?: string) {
  return { status, body: { status, title: "Refused", detail, ...(hint && { hint }) } };
}

function readDist(path: string): Buffer | undefined {
  try {
    return readFileSync(join(here, "../dist", normalize(path)));
  } catch {
    return undefined;
  }
}

async function read(request: IncomingMessage): Promise<unknown> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return parts.length > 0 ? JSON.parse(Buffer.concat(parts).toString("utf8")) : undefined;
}
