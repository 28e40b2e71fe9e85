import { type ChildProcess, spawn } from "node:child_process";
import { createServer } from "node:net";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { CampaignView, MailboxView, TemplateView } from "../src/api.gen";
import { pictures, type World } from "./world";

// Sink is Postfix's own test server on a free port of loopback. It refuses the
// commands that are named to it for good.
class Sink {
  address = "";
  private process: ChildProcess | undefined;

  async start(...refused: string[]) {
    const free = createServer();
    await new Promise<void>((ready) => free.listen(0, "127.0.0.1", ready));
    const at = free.address();
    await new Promise((done) => free.close(done));
    if (typeof at !== "object" || !at) throw new Error("no port");
    this.address = `127.0.0.1:${at.port}`;
    const user = process.getuid?.() === 0 ? ["-u", "nobody"] : [];
    const refusing = refused.length > 0 ? ["-f", refused.join(",")] : [];
    this.process = spawn("/usr/sbin/smtp-sink", [...user, ...refusing, this.address, "10"], { stdio: "ignore" });
  }

  stop() {
    this.process?.kill("SIGKILL");
  }
}

// What a mail system refused: who failed is named, and tried again on demand.
export function refusedTests({ demo, page: current, get, complaints }: World) {
  test("a campaign that its server refuses says who failed and why, and is tried again when the server takes it", async () => {
    const page = current();
    const make = <T>(path: string, body: object): Promise<T> =>
      page.evaluate(
        async ([to, what]) => {
          const init = { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(what) };
          const answer = await fetch(to as string, init);
          if (!answer.ok) throw new Error(`${to}: ${await answer.text()}`);
          return answer.json();
        },
        [path, body],
      ) as Promise<T>;
    await page.goto(demo.url);
    const { items } = await get<{ items: MailboxView[] }>("/api/v1/mailboxes");
    const { id: mailbox, smtp = "" } = items[0] as MailboxView;
    // A server on this machine is the operator's to name.
    const through = (address: string) =>
      demo.command("mailbox", "edit", mailbox, "--smtp", address, "--smtp-tls", "none");
    const [stern, kind] = [new Sink(), new Sink()];
    await stern.start("rcpt");
    await kind.start();
    try {
      await through(stern.address);
      const letter = { name: "Refused", kind: "email", subject: "Hello", html: "<p>Hello.</p>" };
      const { id: template } = await make<TemplateView>("/api/v1/templates", letter);
      const audience = 'contacts where name ~ "riva" or name ~ "garnier"';
      const plan = { name: "To be refused", audience, template, mailbox, pace: { per_minute: 60, per_day: 500 } };
      const { id } = await make<CampaignView>("/api/v1/campaigns", plan);
      const now = () => get<CampaignView>(`/api/v1/campaigns/${id}`);
      await page.goto(`${demo.url}/campaigns/${id}`);
      await page.getByRole("button", { name: "Write the recipients down" }).click();
      await page.getByRole("button", { name: "Start sending" }).click();
      const retry = page.getByRole("button", { name: /^Try .* again/ });
      await retry.waitFor();
      await expect.poll(async () => (await now()).recipients?.queued ?? 0).toBe(0);
      const failed = (await now()).recipients?.failed ?? 0;
      expect(failed).toBeGreaterThan(0);
      await page.screenshot({ path: join(pictures, "refused.png"), fullPage: true });
      await through(kind.address);
      await retry.click();
      await expect.poll(async () => (await now()).recipients?.sent ?? 0).toBe(failed);
      await expect.poll(() => retry.count()).toBe(0);
      await page.screenshot({ path: join(pictures, "retried.png"), fullPage: true });
    } finally {
      await through(smtp);
      stern.stop();
      kind.stop();
    }
    expect(complaints).toEqual([]);
  });
}
