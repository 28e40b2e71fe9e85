import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { RecordList, RecordView, TimelineList } from "../src/api.gen";
import { Demo } from "./demo";
import { executable, installed, pictures } from "./world";

// The sidebar as in Gmail: events signed with the key of the demo, cards drawn
// 300 pixels wide, or as wide as a telephone.
describe.skipIf(!installed("the sidebar in the simulator", true))("the sidebar in the simulator", () => {
  const demo = new Demo();
  let browser: Browser;
  let wide: Page;

  beforeAll(async () => {
    mkdirSync(pictures, { recursive: true });
    await demo.start();
    browser = await chromium.launch({ executablePath: executable, args: ["--no-sandbox"] });
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: "en-GB" });
    wide = await context.newPage();
    await wide.goto(demo.link);
    await wide.getByRole("heading", { name: "My day" }).waitFor();
  }, 240_000);
  afterAll(async () => {
    await browser?.close();
    await demo.stop();
  });

  const get = <T>(path: string): Promise<T> =>
    wide.evaluate(async (at) => (await fetch(at)).json(), path) as Promise<T>;

  // about finds a mail that is linked to an open deal, and the deal.
  async function about(): Promise<{ message: string; deal: RecordView }> {
    const { items: deals } = await get<RecordList>(
      `/api/v1/deals?q=${encodeURIComponent("deals where stage = proposal")}`,
    );
    for (const deal of deals ?? []) {
      const { items } = await get<TimelineList>(`/api/v1/deals/${deal.id}/timeline?limit=20`);
      const mail = items?.find((one) => one.id.startsWith("msg_"));
      if (mail) return { message: mail.id, deal };
    }
    throw new Error("the demo has no mail about an open deal");
  }

  const top = (page: Page) => page.getByRole("article").last();
  const said = (page: Page, text: string | RegExp) => page.getByRole("status").filter({ hasText: text }).waitFor();
  const press = (page: Page, name: string) => top(page).getByRole("button", { name, exact: true }).first().click();
  // The page is photographed, not the element: an answer may replace the card
  // meanwhile.
  async function look(page: Page, name: string) {
    const box = await top(page).boundingBox();
    await page.screenshot({ path: join(pictures, `sidebar-${name}.png`), fullPage: true, ...(box && { clip: box }) });
  }

  async function fits(page: Page, name: string, width: number) {
    await look(page, name);
    const card = await top(page).evaluate((e) => [e.scrollWidth - e.clientWidth, e.getBoundingClientRect().width]);
    expect([name, card[0]]).toEqual([name, 0]);
    expect(card[1]).toBeLessThanOrEqual(width);
  }

  test("a deal is moved, changed, lost and opened again; a note and tasks are logged", async () => {
    const { message, deal } = await about();
    await wide.goto(`${demo.url}/simulator/${message}`);
    await top(wide).getByLabel("Stage").selectOption("negotiation");
    await said(wide, "Stage saved: Negotiation");
    await fits(wide, "message", 300);
    await press(wide, "Note");
    await top(wide).getByLabel("Note").fill("Wants it before winter");
    await press(wide, "Save");
    await said(wide, "Note saved.");
    await press(wide, "In 3 days");
    await said(wide, "Task saved.");
    await press(wide, "When they reply");
    await said(wide, "The task comes back when they write.");
    await top(wide).getByText("Waits for a reply").first().waitFor();
    await press(wide, "Change");
    await top(wide).getByLabel("Amount").fill("12 345,50");
    await fits(wide, "deal", 300);
    await press(wide, "Save");
    await said(wide, "Saved.");
    await press(wide, "Change");
    await press(wide, "Lost");
    await top(wide).getByLabel("Reason for losing").fill("Too dear");
    await press(wide, "Lost");
    await said(wide, /^Lost:/);
    const lost = await get<RecordView>(`/api/v1/deals/${deal.id}`);
    expect([lost.values.lost_reason, lost.values.amount]).toEqual(["Too dear", 1234550]);
    await press(wide, "Change");
    await press(wide, "Reopen");
    await said(wide, /^Open again:/);
  }, 60_000);

  test("a record is found and the conversation logged there", async () => {
    const { message } = await about();
    const { items } = await get<RecordList>("/api/v1/companies?limit=1");
    const name = String(items?.[0]?.values.name);
    await wide.goto(`${demo.url}/simulator/${message}`);
    await top(wide).getByRole("button", { name: "More" }).click();
    await wide.getByRole("button", { name: "Search", exact: true }).click();
    await top(wide).getByLabel(/Name/).fill(name);
    await press(wide, "Find");
    await top(wide).getByText(name, { exact: true }).first().click();
    await top(wide).getByRole("button", { name: "Log this conversation here" }).waitFor();
    await fits(wide, "record", 300);
    await press(wide, "Log this conversation here");
    await said(wide, "The conversation is logged at");
    await press(wide, "Undo");
    await said(wide, "Taken back.");
  }, 60_000);

  test("a template goes into the mail that is being written", async () => {
    await wide.evaluate(async () => {
      const body = JSON.stringify({
        name: "Offer",
        subject: "Our offer",
        html: "<p>Dear friend, best regards {{sender.name}}</p>",
      });
      await fetch("/api/v1/templates", { method: "POST", headers: { "content-type": "application/json" }, body });
    });
    await wide.goto(`${demo.url}/simulator`);
    await wide.getByRole("button", { name: "Insert a template" }).click();
    await top(wide).getByText("Offer", { exact: true }).click();
    await top(wide).getByRole("button", { name: "Insert", exact: true }).waitFor();
    await fits(wide, "letter", 300);
    await press(wide, "Insert");
    await expect.poll(() => wide.getByRole("textbox", { name: "Text" }).inputValue()).toContain("Dear friend");
    expect(await wide.getByRole("textbox", { name: "Subject" }).inputValue()).toBe("Our offer");
  }, 60_000);

  test("mail of an address is never logged, and is again", async () => {
    await wide.goto(`${demo.url}/simulator`);
    await wide.getByRole("button", { name: "Settings" }).click();
    await top(wide).getByLabel("Address or domain").fill("bank.example");
    await press(wide, "Add");
    await said(wide, "Saved.");
    await top(wide).getByText("bank.example", { exact: true }).waitFor();
    await fits(wide, "settings", 300);
    await press(wide, "Remove");
    await top(wide).getByText("bank.example", { exact: true }).waitFor({ state: "detached" });
  }, 60_000);

  test.each([
    ["en-GB", "My day"],
    ["fr-FR", "Ma journée"],
    ["it-IT", "La mia giornata"],
    ["pl-PL", "Mój dzień"],
  ])(
    "%s on a telephone: the day and a mail fit",
    async (locale, day) => {
      const { message } = await about();
      const storageState = await wide.context().storageState();
      const other = await browser.newContext({ viewport: { width: 390, height: 844 }, storageState, locale });
      const phone = await other.newPage();
      await phone.goto(`${demo.url}/simulator/${message}`);
      await top(phone).getByRole("heading").first().waitFor();
      await fits(phone, `message-phone-${locale}`, 390);
      await phone.getByRole("button", { name: day }).click();
      await phone.getByRole("article", { name: day }).waitFor();
      await fits(phone, `day-phone-${locale}`, 390);
      await other.close();
    },
    60_000,
  );
});
