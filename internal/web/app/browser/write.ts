import { closeSync, ftruncateSync, openSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { DraftView, ItemsOutgoing, TimelineList, TimelineMessage } from "../src/api.gen";
import { pictures, type World } from "./world";

// What one person writes to another: drafts, files, answers, and what became of
// what was sent.
export function writeTests({ demo, page: current, get, complaints }: World) {
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
}
