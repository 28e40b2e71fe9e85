import { join } from "node:path";
import { expect, test } from "vitest";
import type { DraftView, ItemsOutgoing, MeView } from "../src/api.gen";
import { pictures, type World } from "./world";

// Formatted letters: written, kept through a lost network, in two tabs, signed, and
// sent with a text beside the page.
export function formatTests({ demo, page: current, get, notice, complaints }: World) {
  const drafts = async () => (await get<ItemsOutgoing>("/api/v1/drafts")).items ?? [];
  const letter = () => current().getByRole("region", { name: "New mail" });
  const text = () => letter().getByRole("textbox", { name: "Text" });
  const saved = () => letter().getByText("Saved among your drafts").waitFor();
  const draft = async () => get<DraftView>(`/api/v1/drafts/${(await drafts())[0]?.id}`);
  const words = async () => (await draft()).words;

  test("a letter is formatted, signed so, kept through a lost network, parts from another tab, and is plain again", async () => {
    const page = current();
    await page.goto(`${demo.url}/settings/account`);
    const signing = page.getByRole("region", { name: "Signature" });
    await signing.getByRole("textbox", { name: "Signature" }).fill("Anna".repeat(600));
    await signing.getByText(/2,000 characters at most; this one has 2,400/).waitFor();
    expect(await signing.getByRole("button", { name: "Save" }).isDisabled()).toBe(true);
    await signing.getByRole("textbox", { name: "Signature" }).fill("Anna");
    await signing.getByRole("button", { name: "Formatting" }).click();
    await signing.getByRole("toolbar").waitFor();
    await signing.getByRole("textbox", { name: "Signature" }).click();
    await page.keyboard.press("Control+a");
    await signing.getByRole("button", { name: "Bold" }).click();
    await signing.getByRole("button", { name: "Save" }).click();
    await notice("Saved").waitFor();
    expect((await get<MeView>("/api/v1/me")).signature_html).toBe("<p><strong>Anna</strong></p>");

    await page.goto(`${demo.url}/inbox/drafts/new?to=ada@canary.example`);
    await letter().getByRole("toolbar", { name: "Formatting" }).waitFor();
    await letter().getByLabel("Subject").fill("In form");
    await text().focus();
    await page.keyboard.press("Control+Home");
    await page.keyboard.type("Dear ");
    await page.keyboard.press("Control+b");
    await page.keyboard.type("Ada");
    await page.keyboard.press("Control+b");
    await page.keyboard.press("Enter");
    await letter().getByRole("button", { name: "Bulleted list" }).click();
    await page.keyboard.type("one");
    await page.keyboard.press("Enter");
    await page.keyboard.type("two");
    await saved();
    expect((await words()).html).toMatch(
      /^<p>Dear <strong>Ada<\/strong><\/p><ul><li><p>one<\/p><\/li><li><p>two<\/p><\/li><\/ul>.*<strong>Anna<\/strong>/,
    );
    expect((await words()).text).toMatch(/^Dear Ada\n.*one\n.*two\n.*Anna$/s);
    await page.screenshot({ path: join(pictures, "letter-formatted.png") });

    await page.context().setOffline(true);
    await page.keyboard.type(" in a tunnel");
    await letter()
      .getByText(/The server cannot be reached/)
      .waitFor();
    await page.context().setOffline(false);
    await saved();
    expect((await words()).html).toContain("two in a tunnel");
    await page.keyboard.type(" and on");
    await page.reload();
    await letter().getByRole("toolbar", { name: "Formatting" }).waitFor();
    expect(await text().textContent()).toContain("two in a tunnel and on");
    await saved();

    // The same words, formatted otherwise in another tab: nothing is written over.
    const other = await page.context().newPage();
    await other.goto(page.url());
    const there = other.getByRole("region", { name: "New mail" });
    await there.getByRole("textbox", { name: "Text" }).click();
    await other.keyboard.press("Control+a");
    await there.getByRole("button", { name: "Italic" }).click();
    await there.getByText("Saved among your drafts").waitFor();
    await text().click();
    await page.keyboard.press("Control+a");
    await letter().getByRole("button", { name: "Quote", exact: true }).click();
    const parted = letter().getByRole("alert", { name: /also changed elsewhere/ });
    await parted.getByRole("button", { name: "Take what was written elsewhere" }).click();
    await expect.poll(() => text().innerHTML()).toContain("<em>");
    await other.close();

    await letter().getByRole("button", { name: "Plain text" }).click();
    await letter().getByRole("button", { name: "Really drop the formatting?" }).click();
    await expect.poll(() => text().inputValue()).toMatch(/^Dear Ada\n/);
    await saved();
    await expect.poll(async () => (await words()).html).toBe(undefined);
    for (const { id } of await drafts())
      await page.evaluate((at) => fetch(at, { method: "DELETE" }), `/api/v1/drafts/${id}`);
    await page.evaluate(() => {
      const headers = { "content-type": "application/json" };
      return fetch("/api/v1/me/signature", { method: "PUT", headers, body: '{"text":""}' });
    });
    complaints.splice(0, complaints.length, ...complaints.filter((line) => !/ERR_INTERNET_DISCONNECTED/.test(line)));
    expect(complaints).toEqual([]);
  });

  test("a picture is put by its address, and the mail that is answered is left off", async () => {
    const page = current();
    const { items } = await get<{ items: { id: string; level: string; direction: string }[] }>(
      "/api/v1/messages?limit=50",
    );
    const id = items.find(({ level, direction }) => level === "full" && direction === "inbound")?.id ?? "";
    await page.goto(`${demo.url}/messages/${id}`);
    await page.getByRole("button", { name: "Reply", exact: true }).click();
    const reply = page.getByRole("region", { name: "Reply" });
    await reply.getByRole("textbox", { name: "Text" }).focus();
    await page.keyboard.type("Look: ");
    if (!(await reply.getByRole("toolbar").isVisible()))
      await reply.getByRole("button", { name: "Formatting" }).click();
    await reply.getByRole("toolbar").waitFor();
    const below = reply.getByRole("checkbox", { name: /stands below/ });
    await below.check();
    await reply.getByRole("button", { name: "Picture" }).click();
    await reply.getByRole("textbox", { name: "Address of the picture" }).fill("canary.example/logo.png");
    await page.keyboard.press("Enter");
    await reply.getByText("logo.png").waitFor(); // its box: nothing is loaded here
    await reply.getByText("Saved among your drafts").waitFor();
    expect((await words()).html).toContain('src="https://canary.example/logo.png"');
    expect((await draft()).quoted?.length).toBeGreaterThan(0);
    const apart = await below.evaluate((box) => {
      const words = document.createRange();
      words.selectNodeContents(box.nextSibling as Node);
      return (words.getClientRects()[0]?.top ?? 0) - box.getBoundingClientRect().bottom;
    });
    expect(apart).toBeLessThan(0); // its words begin beside it
    await below.uncheck();
    await expect.poll(async () => (await draft()).quoted ?? []).toEqual([]);
    await page.screenshot({ path: join(pictures, "letter-picture.png") });
    await reply.getByRole("button", { name: "Plain text" }).click(); // the next letter begins as this one ends
    await reply.getByRole("button", { name: "Really drop the formatting?" }).click();
    await expect.poll(async () => (await words()).html).toBe(undefined);
    await reply.getByRole("button", { name: "Delete draft" }).click();
    await reply.getByRole("button", { name: "Really delete?" }).click();
    await expect.poll(async () => (await drafts()).length).toBe(0);
    expect(complaints).toEqual([]);
  });

  test("a mail that is being passed on is gone on with, not begun a second time", async () => {
    const page = current();
    const { items } = await get<{ items: { id: string; level: string }[] }>("/api/v1/messages?limit=50");
    const id = items.find(({ level }) => level === "full")?.id ?? "";
    await page.goto(`${demo.url}/messages/${id}`);
    await page.getByRole("button", { name: "Forward", exact: true }).click();
    const forward = page.getByRole("region", { name: "Forward" });
    await forward.getByRole("textbox", { name: "Text" }).focus();
    await page.keyboard.type("For you.");
    await forward.getByText("Saved among your drafts").waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Go on with your forward" }).click();
    await expect.poll(() => forward.getByRole("textbox", { name: "Text" }).inputValue()).toMatch(/^For you\./);
    await page.keyboard.type("And you.");
    await forward.getByText("Saved among your drafts").waitFor();
    expect((await drafts()).length).toBe(1);
    await forward.getByRole("button", { name: "Delete draft" }).click();
    await forward.getByRole("button", { name: "Really delete?" }).click();
    await expect.poll(async () => (await drafts()).length).toBe(0);
    expect(complaints).toEqual([]);
  });

  test("the cursor stays where it is when a letter becomes formatted, and plain again", async () => {
    const page = current();
    await page.goto(`${demo.url}/inbox/drafts/new`);
    await letter().getByLabel("Subject").fill("The cursor");
    const toolbar = letter().getByRole("toolbar", { name: "Formatting" });
    const formatting = letter().getByRole("button", { name: "Formatting", exact: true });
    const plain = letter().getByRole("button", { name: /^Plain text/ });
    await formatting.or(plain).waitFor();
    if (await plain.isVisible()) await plain.click();
    await text().fill("Dear Ada,\n\nthe offer is ready.");
    await page.keyboard.press("Control+End");
    for (let i = 0; i < "ready.".length; i++) await page.keyboard.press("ArrowLeft");
    await formatting.click();
    await toolbar.waitFor();
    const focused = () => page.evaluate(() => document.activeElement?.getAttribute("aria-label"));
    await expect.poll(focused).toBe("Text");
    await page.keyboard.type("-really-");
    await expect.poll(() => text().textContent()).toContain("the offer is-really- ready.");
    await plain.click();
    await toolbar.waitFor({ state: "detached" });
    await expect.poll(focused).toBe("Text");
    await page.keyboard.type("quite-");
    expect(await text().inputValue()).toContain("the offer is-really-quite- ready.");
    await saved();
    for (const { id } of await drafts()) await page.context().request.delete(`${demo.url}/api/v1/drafts/${id}`);
    complaints.splice(0, complaints.length, ...complaints.filter((line) => !/status of 404/.test(line)));
    expect(complaints).toEqual([]);
  });
}
