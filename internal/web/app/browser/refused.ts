import { type ChildProcess, spawn } from "node:child_process";
import { createServer } from "node:net";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { CampaignView, MailboxView, TemplateView } from "../src/api.gen";
import { pictures, type World } from "./world";

// Sink is Postfix's own test server on a free port of loopback: with the flag -f it
// refuses commands for good, with -q it goes away at one without an answer.
class Sink {
  address = "";
  private process: ChildProcess | undefined;

  async start(...flags: string[]) {
    const free = createServer();
    await new Promise<void>((ready) => free.listen(0, "127.0.0.1", ready));
    const at = free.address();
    await new Promise((done) => free.close(done));
    if (typeof at !== "object" || !at) throw new Error("no port");
    this.address = `127.0.0.1:${at.port}`;
    const user = process.getuid?.() === 0 ? ["-u", "nobody"] : [];
    this.process = spawn("/usr/sbin/smtp-sink", [...user, ...flags, this.address, "10"], { stdio: "ignore" });
  }

  stop() {
    this.process?.kill("SIGKILL");
  }
}

// What a mail system refused: who failed is named, and tried again on demand. What
// it did not answer: nobody knows, until somebody says so.
export function refusedTests({ demo, page: current, get, complaints }: World) {
  // make asks the server for something new.
  const make = <T>(path: string, body: object): Promise<T> =>
    current().evaluate(
      async ([to, what]) => {
        const init = { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(what) };
        const answer = await fetch(to as string, init);
        if (!answer.ok) throw new Error(`${to}: ${await answer.text()}`);
        return answer.json();
      },
      [path, body],
    ) as Promise<T>;

  // begun is a campaign on its screen that has begun to send through a server of
  // this machine, which is the operator's to name; leave puts the mailbox back.
  const begun = async (name: string, sink: Sink) => {
    const page = current();
    await page.goto(demo.url);
    const { items } = await get<{ items: MailboxView[] }>("/api/v1/mailboxes");
    const { id: mailbox, smtp = "" } = items[0] as MailboxView;
    const through = (address: string) =>
      demo.command("mailbox", "edit", mailbox, "--smtp", address, "--smtp-tls", "none");
    await through(sink.address);
    const letter = { name, kind: "email", subject: "Hello", html: "<p>Hello.</p>" };
    const { id: template } = await make<TemplateView>("/api/v1/templates", letter);
    const audience = 'contacts where name ~ "riva" or name ~ "garnier"';
    const plan = { name, audience, template, mailbox, pace: { per_minute: 60, per_day: 500 } };
    const { id } = await make<CampaignView>("/api/v1/campaigns", plan);
    await page.goto(`${demo.url}/campaigns/${id}`);
    await page.getByRole("button", { name: "Write the recipients down" }).click();
    await page.getByRole("button", { name: "Start sending" }).click();
    const counts = async () => (await get<CampaignView>(`/api/v1/campaigns/${id}`)).recipients ?? {};
    return { page, through, counts, leave: () => through(smtp) };
  };

  test("a campaign that its server refuses says who failed and why, and is tried again when the server takes it", async () => {
    const [stern, kind] = [new Sink(), new Sink()];
    await stern.start("-f", "rcpt");
    await kind.start();
    try {
      const { page, through, counts, leave } = await begun("To be refused", stern);
      const retry = page.getByRole("button", { name: /^Try .* again/ });
      await retry.waitFor();
      await expect.poll(async () => (await counts()).queued ?? 0).toBe(0);
      const failed = (await counts()).failed ?? 0;
      expect(failed).toBeGreaterThan(0);
      await page.screenshot({ path: join(pictures, "refused.png"), fullPage: true });
      await through(kind.address);
      await retry.click();
      await expect.poll(async () => (await counts()).sent ?? 0).toBe(failed);
      await expect.poll(() => retry.count()).toBe(0);
      await page.screenshot({ path: join(pictures, "retried.png"), fullPage: true });
      await leave();
    } finally {
      stern.stop();
      kind.stop();
    }
    expect(complaints).toEqual([]);
  });

  test("a campaign whose server goes away after a letter says of whom it does not know, and looks for them first", async () => {
    const mute = new Sink();
    await mute.start("-q", ".");
    try {
      const { page, counts, leave } = await begun("Not known", mute);
      await page.getByRole("heading", { name: /it is not known whether they got it/ }).waitFor();
      await page.screenshot({ path: join(pictures, "doubt.png"), fullPage: true });
      // They are looked up among the sent mail first; until then no word counts.
      await page.getByRole("button", { name: "Count it as sent" }).click();
      await page.getByRole("alert").filter({ hasText: "nobody waits for your word" }).waitFor();
      expect(await counts()).toMatchObject({ unknown: 2, sent: 0 });
      await leave();
    } finally {
      mute.stop();
    }
    expect(complaints).toEqual([]);
  });
}
