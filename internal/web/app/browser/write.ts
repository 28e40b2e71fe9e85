import { closeSync, ftruncateSync, openSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type {
  DraftView,
  ItemsMailboxView,
  ItemsOutgoing,
  RecordList,
  TimelineList,
  TimelineMessage,
} from "../src/api.gen";
import { pictures, type World } from "./world";

// What one person writes to another: drafts, files, answers, and what became of
// what was sent.
export function writeTests({ demo, page: current, get, notice, complaints }: World) {
  const drafts = async () => (await get<ItemsOutgoing>("/api/v1/drafts")).items ?? [];
  const letter = () => current().getByRole("region", { name: "New mail" });
  const saved = () => letter().getByText("Saved among your drafts").waitFor();

  test("a mail is begun by a key, kept through a lost network and a reload, gone on with, and sent with its file", async () => {
    const page = current();
    await page.goto(`${demo.url}/inbox`);
    await page.getByRole("navigation", { name: "Mail" }).getByRole("link").first().waitFor();
    await page.keyboard.press("c");
    const to = letter().getByRole("combobox", { name: "To" });
    await to.waitFor();
    await page.keyboard.type("no address at all");
    await page.keyboard.press("Tab");
    await letter().getByText("is no email address").waitFor();
    await to.fill("riva");
    await letter().getByRole("option").first().waitFor();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await letter()
      .getByRole("button", { name: /^Take off: .*@/ })
      .waitFor();
    await letter().getByLabel("Subject").fill("The drawing of the vessel");
    const text = letter().getByRole("textbox", { name: "Text" });
    await text.fill("Dear Niccolò,");
    await saved();
    await page.waitForURL(/inbox\/drafts\/out_/);
    const [first] = await drafts();
    expect(first?.subject).toBe("The drawing of the vessel");
    expect(first?.rfc_id).toMatch(/^tl\.[a-z0-9]+@brightwell\.example$/);

    await page.context().setOffline(true);
    await text.fill("Dear Niccolò,\n\nwritten in a tunnel.");
    await letter()
      .getByText(/The server cannot be reached/)
      .waitFor();
    await page.context().setOffline(false);
    await saved();
    await text.fill("Dear Niccolò,\n\nwritten in a tunnel, and gone on with.");
    await page.reload(); // before the server has it
    await text.waitFor();
    expect(await text.inputValue()).toBe("Dear Niccolò,\n\nwritten in a tunnel, and gone on with.");
    await saved();

    const files = letter().getByLabel("Attach files", { exact: true });
    const large = join(pictures, "far too large.bin");
    const hole = openSync(large, "w");
    ftruncateSync(hole, 19_000_000);
    closeSync(hole);
    await files.first().setInputFiles(large);
    await letter()
      .getByText(/Not attached: far too large.bin/)
      .waitFor();
    rmSync(large);
    const file = (name: string, bytes: number) => ({ name, mimeType: "text/plain", buffer: Buffer.alloc(bytes, "x") });
    await files.first().setInputFiles(file("small.txt", 2000));
    await letter().getByRole("button", { name: "Remove: small.txt" }).waitFor();
    await page.context().setOffline(true);
    await files.first().setInputFiles([file("late.txt", 3000)]);
    await letter().getByText("Not uploaded").waitFor();
    await page.context().setOffline(false);
    await letter().getByRole("button", { name: "Try again: late.txt" }).click();
    await expect.poll(() => letter().getByText("Not uploaded").count()).toBe(0);
    await letter().getByRole("button", { name: "Remove: small.txt" }).click();
    await expect.poll(async () => (await drafts())[0]?.files?.map(({ name }) => name)).toEqual(["late.txt"]);
    await page.screenshot({ path: join(pictures, "letter.png") });

    await page.goto(`${demo.url}/inbox?list=drafts`);
    await page.getByRole("link", { name: /The drawing of the vessel/ }).click();
    await text.focus();
    await page.keyboard.press("Control+Enter");
    const sent = page.getByRole("navigation", { name: "Outgoing" }).getByRole("listitem").first();
    await sent.getByText("Sent", { exact: true }).waitFor();
    await sent.getByText("late.txt").waitFor();
    await page.screenshot({ path: join(pictures, "outgoing.png") });
    expect(await drafts()).toEqual([]);
    complaints.splice(0, complaints.length, ...complaints.filter((line) => !/ERR_INTERNET_DISCONNECTED/.test(line)));
    expect(complaints).toEqual([]);
  });

  test("a mail is answered beside it; the answer is closed, found again, thrown away, written anew and sent", async () => {
    const page = current();
    const { items } = await get<TimelineList>("/api/v1/messages?limit=50");
    const asked = items?.find((one) => one.direction === "inbound" && one.class === "person" && one.level === "full");
    const message = await get<TimelineMessage>(`/api/v1/messages/${asked?.id}`);
    await page.goto(`${demo.url}/messages/${asked?.id}`);
    await page.getByRole("button", { name: "Reply", exact: true }).waitFor();
    const reply = page.getByRole("region", { name: "Reply" });
    await page.keyboard.press("r");
    const text = reply.getByRole("textbox", { name: "Text" });
    await text.waitFor();
    await page.keyboard.type("Thank you, gladly.");
    await reply.getByText("Saved among your drafts").waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Go on with your reply" }).click();
    expect(await text.inputValue()).toMatch(/^Thank you, gladly\.\n\nOn .* wrote:\n>/s);
    const [begun] = await drafts();
    expect([begun?.reply, begun?.answers]).toEqual([message.id, begun?.answers ?? "none"]);
    expect((await get<DraftView>(`/api/v1/drafts/${begun?.id}`)).words.to).toEqual([message.from.address]);
    await page.screenshot({ path: join(pictures, "reply.png") });
    await reply.getByRole("button", { name: "Delete draft" }).click();
    await reply.getByRole("button", { name: "Really delete?" }).click();
    await page.getByRole("button", { name: "Reply", exact: true }).waitFor();
    expect(await drafts()).toEqual([]);

    await page.keyboard.press("a");
    await text.waitFor();
    await page.keyboard.type("Once more.");
    await page.keyboard.press("Control+Enter"); // before the server has it
    await page.getByRole("status").getByText("Sent", { exact: true }).waitFor();
    expect(await drafts()).toEqual([]);
    expect(complaints).toEqual([]);
  });

  test("a mail is signed, filled from a template, tracked as far as is allowed, and written in two tabs", async () => {
    const page = current();
    await demo.command("mailing", "--single", "aggregate");
    await page.goto(`${demo.url}/settings/account`);
    await page.getByRole("textbox", { name: "Signature" }).fill("-- \nAnna\nBrightwell");
    await page.getByRole("region", { name: "Signature" }).getByRole("button", { name: "Save" }).click();
    await notice("Saved").waitFor();
    const template = {
      name: "Visit",
      subject: "Our visit",
      html: "<p>Dear {{contact.first_name}},</p><p>{{deal.name}}</p>",
    };
    const path = await page.evaluate(async (body) => {
      const headers = { "content-type": "application/json" };
      const made = await fetch("/api/v1/templates", { method: "POST", headers, body: JSON.stringify(body) });
      return `/api/v1/templates/${(await made.json()).id}`;
    }, template);
    const { items } = await get<RecordList>("/api/v1/contacts?q=emails+is+not+empty&limit=1");
    const contact = items?.[0]?.values as { name: string; emails: string[] };

    await page.goto(`${demo.url}/inbox/drafts/new?to=${encodeURIComponent(contact.emails[0] ?? "")}`);
    const text = letter().getByRole("textbox", { name: "Text" });
    await text.waitFor();
    expect(await text.inputValue()).toBe("\n\n-- \nAnna\nBrightwell\n");
    await text.evaluate((area: HTMLTextAreaElement) => area.setSelectionRange(0, 0));
    await letter().getByRole("button", { name: "Template" }).click();
    const choice = letter().getByRole("region", { name: "Template" });
    await choice.getByRole("button", { name: /Visit/ }).click();
    await choice.getByText("Without a value: deal.name").waitFor();
    await choice.getByRole("button", { name: "Insert" }).click();
    expect(await text.inputValue()).toMatch(
      new RegExp(`^Dear ${contact.name.split(" ")[0]},[^]*\\n-- \\nAnna\\nBrightwell\\n$`),
    );
    expect(await letter().getByLabel("Subject").inputValue()).toBe("Our visit");
    const reading = letter().getByRole("combobox", { name: "Reading" });
    expect(await reading.locator("option").allTextContents()).toEqual(["not tracked", "counted, without names"]);
    await reading.selectOption("aggregate");
    await saved();
    await page.waitForURL(/inbox\/drafts\/out_/);
    const [draft] = await drafts();
    const words = async () => (await get<DraftView>(`/api/v1/drafts/${draft?.id}`)).words;
    expect([draft?.track, (await words()).html]).toEqual(["aggregate", undefined]);
    await page.screenshot({ path: join(pictures, "letter-filled.png") });

    const other = await page.context().newPage();
    await other.goto(page.url());
    const there = other.getByRole("region", { name: "New mail" });
    await there.getByRole("textbox", { name: "Text" }).fill("written in the other tab");
    await there.getByText("Saved among your drafts").waitFor();
    await text.fill("written in this tab");
    const parted = letter().getByRole("alert", { name: /also changed elsewhere/ });
    await parted.getByText("written in the other tab").waitFor();
    expect([await text.inputValue(), (await words()).text]).toEqual([
      "written in this tab",
      "written in the other tab",
    ]);
    await page.screenshot({ path: join(pictures, "letter-parted.png") });
    await page.keyboard.press("Control+Enter"); // nothing goes out before it is settled
    expect((await drafts()).length).toBe(1);
    await parted.getByRole("button", { name: "Keep both as two drafts" }).click();
    await expect.poll(async () => (await drafts()).length).toBe(2);
    expect((await words()).text).toBe("written in the other tab");
    await expect.poll(() => text.inputValue()).toBe("written in this tab");
    await other.close();
    for (const { id } of await drafts())
      await page.evaluate((at) => fetch(at, { method: "DELETE" }), `/api/v1/drafts/${id}`);
    await page.evaluate((at) => fetch(at, { method: "DELETE" }), path);
    expect(complaints).toEqual([]);
  });

  test("a mail is passed on with what is attached to it, in a conversation of its own", async () => {
    const page = current();
    const { items } = await get<TimelineList>("/api/v1/messages?limit=200");
    const listed = items?.find((one) => one.attachments > 0 && one.level === "full");
    const message = await get<TimelineMessage>(`/api/v1/messages/${listed?.id}`);
    await page.goto(`${demo.url}/messages/${message.id}`);
    await page.getByRole("button", { name: "Forward", exact: true }).waitFor();
    await page.keyboard.press("f");
    const forward = page.getByRole("region", { name: "Forward" });
    const name = message.attachments?.[0]?.name ?? "";
    await forward.getByRole("button", { name: `Remove: ${name}` }).waitFor();
    const text = forward.getByRole("textbox", { name: "Text" });
    expect(await text.inputValue()).toMatch(
      /^\n\nAnna\nBrightwell\n\n-{10} Forwarded message -{10}\nFrom: .*\nDate: .*\nSubject: /,
    );
    expect(await forward.getByLabel("Subject").inputValue()).toMatch(/^Fwd: /);
    await forward.getByRole("combobox", { name: "To" }).fill("somebody@else.example");
    await page.keyboard.press("Tab");
    await page.screenshot({ path: join(pictures, "forward.png") });
    await text.focus();
    await page.keyboard.press("Control+Enter");
    await page.getByRole("status").getByText("Sent", { exact: true }).waitFor();
    const boxes = (await get<ItemsMailboxView>("/api/v1/mailboxes")).items ?? [];
    const sent = await Promise.all(boxes.map(({ id }) => get<ItemsOutgoing>(`/api/v1/outgoing?mailbox=${id}`)));
    const mine = sent.flatMap(({ items }) => items ?? []).find((one) => one.forward === message.id);
    expect([mine?.forward, mine?.answers, mine?.files?.map((file) => file.name)]).toEqual([
      message.id,
      undefined,
      [name],
    ]);
    const headers = { "content-type": "application/json" };
    await page.evaluate(
      (h) => fetch("/api/v1/me/signature", { method: "PUT", headers: h, body: '{"text":""}' }),
      headers,
    );
    await demo.command("mailing", "--single", "off");
    expect(complaints).toEqual([]);
  });
}
