import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { RecordList, RecordView, TimelineList, TimelineMessage, TimelineRow } from "../src/api.gen";
import { Cards } from "./cards";
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
  });
  afterAll(async () => {
    await browser?.close();
    await demo.stop();
  });

  const get = <T>(path: string): Promise<T> =>
    wide.evaluate(async (at) => (await fetch(at)).json(), path) as Promise<T>;

  // about finds a mail that is linked to an open deal and to no other, and the deal:
  // on its card the first deal is that one.
  async function about(): Promise<{ message: string; deal: RecordView }> {
    const { items: deals } = await get<RecordList>(
      `/api/v1/deals?q=${encodeURIComponent("deals where stage = proposal")}`,
    );
    for (const deal of deals ?? []) {
      const { items } = await get<TimelineList>(`/api/v1/deals/${deal.id}/timeline?limit=20`);
      for (const { id } of items?.filter((one) => one.id.startsWith("msg_")) ?? []) {
        const { links } = await get<TimelineMessage>(`/api/v1/messages/${id}`);
        if (links?.filter(({ record }) => record.startsWith("dea_")).length === 1) return { message: id, deal };
      }
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
  });

  test("a record is found and the conversation logged there", async () => {
    const { message } = await about();
    const { links } = await get<TimelineMessage>(`/api/v1/messages/${message}`);
    const { items } = await get<RecordList>("/api/v1/companies?limit=50");
    const other = items?.find((one) => !links?.some((link) => link.record === one.id));
    const name = String(other?.values.name);
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
  });

  test("a deal is found, and the conversation logged there and taken off again", async () => {
    const { message, deal: linked } = await about();
    const { items } = await get<RecordList>("/api/v1/deals?limit=50");
    const names = (items ?? []).map((one) => String(one.values.name));
    const name = names.find((one) => one !== linked.values.name && names.indexOf(one) === names.lastIndexOf(one)) ?? "";
    const find = async () => {
      await top(wide).getByRole("button", { name: "More" }).click();
      await wide.getByRole("button", { name: "Search", exact: true }).click();
      await top(wide).getByLabel(/Name/).fill(name);
      await press(wide, "Find");
      await top(wide).getByText(name, { exact: true }).first().click();
      await top(wide).getByLabel("Stage").waitFor();
    };
    await wide.goto(`${demo.url}/simulator/${message}`);
    await find();
    await fits(wide, "deal-found", 300);
    await press(wide, "Log this conversation here");
    await said(wide, `The conversation is logged at ${name}.`);
    await find();
    await top(wide).getByText("This message is logged here").waitFor();
    await press(wide, "Take it off here");
    await said(wide, `The conversation is off ${name}.`);
    await find();
    await top(wide).getByRole("button", { name: "Log this conversation here" }).waitFor();
  });

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
  });

  test("a new mail opens as a draft, one for two clicks", async () => {
    const { message } = await about();
    const opened: string[] = [];
    wide.on("request", (asked) => /demo.drafts/.test(asked.url()) && opened.push(asked.url()));
    await wide.goto(`${demo.url}/simulator/${message}`);
    await top(wide).getByRole("button", { name: "New mail", exact: true }).first().click();
    const bare = top(wide).getByText("Without a template", { exact: true });
    await bare.waitFor();
    await fits(wide, "new-mail", 300);
    await bare.dblclick();
    await expect.poll(() => wide.getByRole("textbox", { name: "To" }).inputValue()).toMatch(/^\S+@\S+\.example$/);
    await bare.click();
    await expect.poll(() => opened.length).toBeGreaterThan(1);
    expect(new Set(opened).size).toBe(1);
    expect(await wide.getByRole("textbox", { name: "Text" }).evaluate((e) => e === document.activeElement)).toBe(true);
  });

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
  });

  // telephone is a page 390 pixels wide, signed in like the wide one.
  async function telephone(locale: string): Promise<Page> {
    const storageState = await wide.context().storageState();
    const other = await browser.newContext({ viewport: { width: 390, height: 844 }, storageState, locale });
    return other.newPage();
  }

  const senderOf = (row: TimelineRow) => row.from.address;

  // strangers are mails of people whom no record knows, one of each, the newest first.
  async function strangers(): Promise<TimelineRow[]> {
    const { items } = await get<TimelineList>("/api/v1/messages?limit=200");
    const unknown = (items ?? []).filter(
      (one) => one.direction === "inbound" && one.class === "person" && (one.links ?? []).length === 0,
    );
    const senders = unknown.map(senderOf);
    return unknown.filter((one, at) => senders.indexOf(senderOf(one)) === at);
  }

  // asked is a mail about whose deal the card asks.
  const asked = () =>
    wide.evaluate(async () => {
      const { items } = await (await fetch("/api/v1/messages?limit=200")).json();
      for (const { id } of items as { id: string }[]) {
        const event = { commonEventObject: { hostApp: "GMAIL" }, gmail: { messageId: `tl-${id}` } };
        const card = await fetch("/addon/v1/event?t=message", {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify(event),
        });
        if ((await card.text()).includes("deal.choose")) return id;
      }
      throw new Error("the demo has no mail that the matcher asks about");
    });

  const undo = async (page: Page) => {
    await press(page, "Undo");
    await said(page, "Taken back.");
  };

  test.each([
    ["300 pixels", 300, 0],
    ["a telephone", 390, 2],
  ])(
    "%s: a stranger becomes a contact with a deal, and not; another one gives somebody an address",
    async (_, width, nth) => {
      const page = width === 300 ? wide : await telephone("en-GB");
      const [one, two] = (await strangers()).slice(nth, nth + 2);
      await page.goto(`${demo.url}/simulator/${one?.id}`);
      await press(page, "Add");
      await fits(page, `stranger-${width}`, width);
      const name = await top(page).getByLabel("Name", { exact: true }).inputValue();
      await top(page).getByRole("radio", { name: "Contact with a deal" }).check();
      await top(page).getByLabel("Name of the deal (optional)").fill("First unit");
      await press(page, "Create");
      await said(page, "Created.");
      await top(page).getByText("First unit").first().waitFor();
      await fits(page, `stranger-made-${width}`, width);
      await undo(page);
      if (page !== wide) return page.context().close();
      await press(page, "Add");
      await press(page, "Create");
      await said(page, "Created.");
      await page.goto(`${demo.url}/simulator/${two?.id}`);
      await press(page, "Add");
      await top(page).getByLabel("Name", { exact: true }).fill(name);
      await press(page, "Create");
      await top(page).getByText("Is it one of these?").first().waitFor();
      await fits(page, `alike-${width}`, width);
      await press(page, "Use that one");
      await said(page, /^The address now belongs to/);
    },
    60_000,
  );

  test.each([
    ["300 pixels", 300],
    ["a telephone", 390],
  ])(
    "%s: a call, a closing date, a correction that is foretold, and an answer to the matcher",
    async (_, width) => {
      const page = width === 300 ? wide : await telephone("en-GB");
      const { message, deal } = await about();
      await page.goto(`${demo.url}/simulator/${message}`);
      await press(page, "Call");
      await top(page).getByRole("radio", { name: "Incoming call" }).check();
      await top(page).getByLabel("Outcome").fill("Wants a visit");
      await fits(page, `call-${width}`, width);
      await press(page, "Save");
      await said(page, "Call saved.");
      await press(page, "Change");
      await top(page).getByLabel("Expected close").fill("2026-12-24");
      const owner = top(page).getByLabel("Owner");
      const [next] = await owner
        .locator('option[value^="usr_"]')
        .evaluateAll((all) => (all as HTMLOptionElement[]).filter((o) => !o.selected).map((o) => o.value));
      await owner.selectOption(next ?? "");
      await press(page, "Save");
      await said(page, /Saved\./); // in this case: "Call saved." still stands there
      const { values } = await get<RecordView>(`/api/v1/deals/${deal.id}`);
      expect([values.expected_close, values.owner]).toEqual(["2026-12-24", next]);
      await top(page).getByRole("button", { name: "Wrong?" }).last().click();
      await fits(page, `wrong-${width}`, width);
      await top(page).getByRole("radio", { name: "Always for this address" }).check();
      await press(page, "Show what changes");
      await page.getByRole("article", { name: "What would change" }).waitFor();
      await fits(page, `foretold-${width}`, width);
      await press(page, "Apply");
      await said(page, "Corrected.");
      await undo(page);
      await page.goto(`${demo.url}/simulator/${await asked()}`);
      await top(page).getByText("Which deal is this about?").waitFor();
      await fits(page, `question-${width}`, width);
      await press(page, "This one");
      await said(page, /^The conversation is logged at/);
      await undo(page);
      await top(page).getByText("Which deal is this about?").waitFor();
      if (page !== wide) await page.context().close();
    },
    60_000,
  );

  const tongues = [
    ["en-GB", "More"],
    ["fr-FR", "Plus"],
    ["it-IT", "Altro"],
    ["pl-PL", "Więcej"],
  ] as const;

  test.each(tongues)(
    "%s: what a rep does beside a mail, 300 pixels wide",
    async (locale, menu) => {
      const storageState = await wide.context().storageState();
      const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, storageState, locale });
      const page = await context.newPage();
      const cards = new Cards(page);
      const fitting = (name: string) => fits(page, `${name}-${locale}`, 300);
      const { message, deal } = await about();
      await cards.open(`${demo.url}/simulator/${message}`);
      await fitting("message");
      for (const form of ["note", "call"]) {
        await cards.press(`${form}.form`);
        await cards.fill(form === "note" ? "text" : "outcome", "Wants it before winter");
        await fitting(form);
        await cards.press(`${form}.save`);
      }
      await cards.press("task.in");
      await cards.press("task.form");
      await cards.fill("title", "Send the drawing");
      await fitting("task");
      await cards.press("task.save");
      await cards.press("deal.open");
      await cards.fill("amount", "1234");
      await fitting("deal");
      await cards.press("deal.save");
      expect((await get<RecordView>(`/api/v1/deals/${deal.id}`)).values.amount).toBe(123400);
      await cards.press("deal.open");
      await cards.press("deal.lose");
      await cards.fill("reason", "Too dear");
      await fitting("lose");
      await cards.press("deal.lost");
      await cards.press("deal.open");
      await fitting("lost");
      await cards.press("deal.reopen");
      await cards.press("correct.ask");
      await fitting("ask");
      await cards.press("correct.foretell");
      await fitting("foretell");
      await cards.press("correct.apply");
      await fitting("corrected");
      await cards.press("correct.undo");
      await cards.open(`${demo.url}/simulator/${message}`);
      await cards.choose("search.form", menu);
      await cards.fill("q", String(deal.values.name).slice(0, 12));
      await cards.press("search.run");
      await fitting("found");
      await cards.press("record.open");
      await fitting("record");
      await cards.open(`${demo.url}/simulator/${message}`);
      await cards.press("mail.new");
      await fitting("new");
      await context.close();
    },
    120_000,
  );

  test.each(tongues)(
    "%s: a stranger, the day and the settings, 300 pixels wide",
    async (locale) => {
      const storageState = await wide.context().storageState();
      const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, storageState, locale });
      const page = await context.newPage();
      const cards = new Cards(page);
      const fitting = (name: string) => fits(page, `${name}-${locale}`, 300);
      await cards.open(`${demo.url}/simulator/${(await strangers()).at(-1)?.id}`);
      await fitting("stranger");
      await cards.press("person.form");
      await fitting("person");
      await cards.press("person.make");
      await fitting("made");
      await cards.press("correct.undo");
      await cards.open(`${demo.url}/simulator/${await asked()}`);
      await fitting("question");
      await cards.after(page.getByRole("complementary").getByRole("button").nth(1)); // the settings
      await fitting("settings");
      await cards.fill("pattern", `${locale.slice(0, 2)}.bank.example`);
      await cards.press("never.add");
      await fitting("never");
      await cards.press("never.drop");
      await context.close();
    },
    120_000,
  );

  test.each([
    ["en-GB", "My day"],
    ["fr-FR", "Ma journée"],
    ["it-IT", "La mia giornata"],
    ["pl-PL", "Mój dzień"],
  ])(
    "%s on a telephone: the day and a mail fit",
    async (locale, day) => {
      const { message } = await about();
      const phone = await telephone(locale);
      await phone.goto(`${demo.url}/simulator/${message}`);
      await top(phone).getByRole("heading").first().waitFor();
      await fits(phone, `message-phone-${locale}`, 390);
      await phone.getByRole("button", { name: day }).click();
      await phone.getByRole("article", { name: day }).waitFor();
      await fits(phone, `day-phone-${locale}`, 390);
      await phone.context().close();
    },
    60_000,
  );
});
