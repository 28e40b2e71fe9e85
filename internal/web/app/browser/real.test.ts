import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { typesOf } from "../scripts/types.mjs";
import type {
  ItemsMembership,
  ItemsPipeline,
  MeView,
  RecordList,
  RecordView,
  TimelineList,
  TimelineMessage,
} from "../src/api.gen";
import { boardTests } from "./board";
import { boxTests } from "./boxes";
import { bringTests } from "./bring";
import { Demo } from "./demo";
import { fewTests } from "./few";
import { firstTests } from "./first";
import { formatTests } from "./format";
import { healthTests } from "./health";
import { keyTests } from "./keys";
import { liveTests } from "./live";
import { meetTests } from "./meet";
import { refusedTests } from "./refused";
import { sendTests } from "./send";
import { tableTests } from "./table";
import { toldTests } from "./told";
import { executable, installed, pictures } from "./world";
import { writeTests } from "./write";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

describe.skipIf(!installed("the screens on the real program", true))("the screens on the real program", () => {
  const demo = new Demo();
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  const complaints: string[] = [];

  beforeAll(async () => {
    mkdirSync(pictures, { recursive: true });
    await demo.start();
    browser = await chromium.launch({ executablePath: executable, args: ["--no-sandbox"] });
    context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: "en-GB" });
    context.setDefaultTimeout(120_000);
    page = await context.newPage();
    listen(page);
    await page.goto(demo.link);
    await page.getByRole("heading", { name: "My day" }).waitFor();
  });
  afterAll(async () => {
    await browser?.close();
    await demo.stop();
  });
  beforeEach(() => {
    complaints.length = 0;
  });

  function listen(to: Page) {
    to.on("console", (line) => {
      if (["error", "warning"].includes(line.type()) && !/status of 4\d\d/.test(line.text()))
        complaints.push(line.text());
    });
    to.on("pageerror", (error) => complaints.push(String(error)));
  }

  const get = <T>(path: string): Promise<T> =>
    page.evaluate(async (at) => (await fetch(at)).json(), path) as Promise<T>;
  const openDeal = async () => {
    // What is empty stands folded up.
    const q = encodeURIComponent("deals where stage = proposal and next_step is not empty");
    return (await get<RecordList>(`/api/v1/deals?q=${q}&limit=1`)).items?.[0] as RecordView;
  };
  const notice = (said: string) => page.getByRole("status").filter({ hasText: said });

  test("the types are those that the server tells", async () => {
    const told = await get<object>("/openapi.json");
    const kept = readFileSync(join(import.meta.dirname, "../src/api.gen.ts"), "utf8");
    expect(kept === typesOf(told), "run `npm run fresh` and commit src/api.gen.ts").toBe(true);
  });

  test("my day leads to who waits", async () => {
    await page.goto(demo.url);
    const waiting = page.getByRole("region", { name: "They wait for you" });
    await waiting.getByRole("link").first().click();
    await page.getByRole("article", { name: "Message" }).getByRole("heading").first().waitFor();
    expect(new URL(page.url()).searchParams.get("list")).toBe("ours");
    expect(complaints).toEqual([]);
  });

  test("a mail as it was sent: in a frame of its own, without scripts and without pictures of elsewhere", async () => {
    const { items } = await get<{ items: TimelineMessage[] }>("/api/v1/messages?limit=100");
    let id = "";
    for (const m of items) {
      const { body } = await get<TimelineMessage>(`/api/v1/messages/${m.id}`);
      if (body?.html && body.text) {
        id = m.id;
        break;
      }
    }
    await page.goto(`${demo.url}/messages/${id}`);
    await page.getByRole("button", { name: "As sent" }).click();
    const frame = page.frameLocator("iframe").locator("body");
    await expect.poll(() => frame.textContent()).toMatch(/\p{L}{3}/u);
    // The newest mail of the demo may be one that brings a picture along.
    const [origin, scripts, pictured] = await frame.evaluate(() => [
      self.origin,
      document.scripts.length,
      [...document.images].map((image) => image.src.slice(0, 11)).filter((src) => src !== "data:image/"),
    ]);
    expect([origin, scripts, pictured]).toEqual(["null", 0, []]);
    await page.screenshot({ path: join(pictures, "frame.png") });
    expect(complaints).toEqual([]);
  });

  test("a field is edited in place and taken back by Ctrl-Z", async () => {
    const deal = await openDeal();
    await page.goto(`${demo.url}/records/${deal.id}`);
    const edit = page.getByRole("button", { name: "Edit: Next step" });
    const before = await edit.textContent();
    await edit.click();
    await page.getByRole("textbox", { name: "Next step" }).fill("Send the revised offer");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Edit: Next step" }).filter({ hasText: "Send the revised offer" }).waitFor();
    await notice("Saved").waitFor();
    await page
      .getByText(/→ Send the revised offer/)
      .first()
      .waitFor(); // the history
    await page.keyboard.press("Control+z");
    await notice("Undone").waitFor();
    await page
      .getByRole("button", { name: "Edit: Next step" })
      .filter({ hasText: before ?? "" })
      .waitFor();
    expect((await get<RecordView>(`/api/v1/deals/${deal.id}`)).values.next_step).toBe(deal.values.next_step);
    expect(complaints).toEqual([]);
  });

  test("what the server refuses stays as it was typed, with the reason", async () => {
    const { items } = await get<RecordList>("/api/v1/contacts?q=emails+is+not+empty&limit=1");
    await page.goto(`${demo.url}/records/${items?.[0]?.id}`);
    await page.getByRole("button", { name: "Edit: Email" }).click();
    const input = page.getByRole("textbox", { name: "Email" });
    await input.fill("no address at all");
    await page.keyboard.press("Enter");
    await page
      .getByText(/no address at all.*–|is no(t an?)? .*address/i)
      .first()
      .waitFor();
    expect(await input.inputValue()).toBe("no address at all");
    await page.keyboard.press("Escape");
  });

  test("what is typed outlives a lost network and a reload", async () => {
    const deal = await openDeal();
    await page.goto(`${demo.url}/records/${deal.id}`);
    const note = page.getByLabel("Add a note or a task…");
    await note.fill("Wants the offer in Polish");
    await page.getByRole("button", { name: "Edit: Next step" }).click();
    await page.getByRole("textbox", { name: "Next step" }).fill("Translate the offer");
    await context.setOffline(true);
    await page.keyboard.press("Enter");
    await page
      .getByText(/What you typed is kept/)
      .first()
      .waitFor();
    expect(await page.getByRole("textbox", { name: "Next step" }).inputValue()).toBe("Translate the offer");
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await expect.poll(() => page.getByText(/What you typed is kept/).count()).toBe(2);
    await context.setOffline(false);
    await page.reload();
    expect(await note.inputValue()).toBe("Wants the offer in Polish");
    const field = page.getByRole("textbox", { name: "Next step" });
    expect(await field.inputValue()).toBe("Translate the offer");
    await field.press("Enter");
    await page.getByRole("button", { name: "Edit: Next step" }).filter({ hasText: "Translate the offer" }).waitFor();
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await expect.poll(() => note.inputValue()).toBe("");
    await page.getByRole("region", { name: "Timeline" }).getByText("Wants the offer in Polish").first().waitFor();
    await page.keyboard.press("Control+z");
    await page.keyboard.press("Control+z");
    await expect
      .poll(async () => (await get<RecordView>(`/api/v1/deals/${deal.id}`)).values.next_step)
      .toBe(deal.values.next_step);
    complaints.splice(0, complaints.length, ...complaints.filter((line) => !/ERR_INTERNET_DISCONNECTED/.test(line)));
    expect(complaints).toEqual([]);
  });

  test("a query says where it cannot be read, proposes, and asks", async () => {
    await page.goto(`${demo.url}/deals`);
    const bar = page.getByRole("textbox", { name: "Query" });
    await bar.focus();
    await page.getByRole("button", { name: "deals where", exact: true }).waitFor();
    await bar.fill("deals where amoun");
    await page.getByText(/have no field "amoun"/).waitFor();
    expect(await page.locator("mark").textContent()).toBe("amoun");
    await page.getByRole("button", { name: "amount", exact: true }).waitFor();
    await page.keyboard.press("Tab");
    await expect.poll(() => bar.inputValue()).toBe("deals where amount ");
    await bar.fill("deals where stage = negotiation order by amount desc");
    await page.keyboard.press("Enter");
    await page.waitForURL(/q=/);
    const want = await get<RecordList>(`/api/v1/deals?q=${encodeURIComponent("deals where stage = negotiation")}`);
    await expect.poll(() => page.getByRole("grid").locator('[data-cell$=":0"]').count()).toBe(want.items?.length);
    await page.locator('[data-cell="0:0"]').focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowRight");
    expect(await page.evaluate(() => (document.activeElement as HTMLElement).dataset.cell)).toBe("1:1");
    expect(complaints).toEqual([]);
  });

  test("a deal is dragged, and goes back where a gate refuses it", async () => {
    await page.goto(`${demo.url}/board/sales`);
    const column = (name: string) => page.getByRole("region", { name, exact: true });
    await column("Proposal").getByRole("article").first().waitFor();
    const title = (await column("Proposal").getByRole("article").first().getByRole("link").textContent()) ?? "";
    const drag = async (from: string, to: string) => {
      const card = column(from).getByRole("article").filter({ hasText: title });
      const a = await card.boundingBox();
      const b = await column(to).boundingBox();
      if (!a || !b) throw new Error("nothing to drag");
      await page.mouse.move(a.x + 20, a.y + a.height - 6);
      await page.mouse.down();
      await page.mouse.move(b.x + b.width / 2, b.y + 120, { steps: 12 });
      await page.mouse.up();
    };
    await drag("Proposal", "Negotiation");
    await notice("Moved to Negotiation").waitFor();
    await column("Negotiation").getByText(title, { exact: true }).waitFor();
    await page.keyboard.press("Control+z");
    await column("Proposal").getByText(title, { exact: true }).waitFor();

    // By keys alone: Space lifts, an arrow carries, Space puts down.
    await column("Proposal").locator('[aria-roledescription="draggable"]').filter({ hasText: title }).focus();
    await page.keyboard.press("Space");
    await page.locator('[data-dragging="true"]').waitFor();
    await page.locator('[data-over="true"]').waitFor();
    await page.keyboard.press("ArrowRight");
    await page.locator('[data-over="true"][aria-label="Negotiation"]').waitFor();
    await page.keyboard.press("Space");
    await column("Negotiation").getByText(title, { exact: true }).waitFor();
    await notice("Moved to Negotiation").waitFor();
    await page.keyboard.press("Control+z");
    await column("Proposal").getByText(title, { exact: true }).waitFor();

    await gate("proposal", "amount > 999999999");
    await page.reload();
    await column("Negotiation").getByRole("article").first().waitFor();
    const other = (await column("Negotiation").getByRole("article").first().getByRole("link").textContent()) ?? "";
    const card = column("Negotiation").getByRole("article").filter({ hasText: other });
    await card.dragTo(column("Proposal"), { steps: 12 } as never);
    await page.getByRole("alert").filter({ hasText: "cannot go to Proposal" }).waitFor();
    await column("Negotiation").getByText(other, { exact: true }).waitFor();
    await gate("proposal", "");
    expect(complaints).toEqual([]);
  });

  // gate sets the condition to enter a stage of the pipeline.
  async function gate(stage: string, condition: string) {
    const pipeline = (await get<ItemsPipeline>("/api/v1/pipelines")).items?.find((one) => one.key === "sales");
    const stages = pipeline?.stages?.map((one) => (one.key === stage ? { ...one, gate: condition } : one));
    const status = await page.evaluate(
      async (body) => {
        const headers = { "content-type": "application/json" };
        return (await fetch("/api/v1/pipelines/sales", { method: "PUT", headers, body: JSON.stringify(body) })).status;
      },
      { name: pipeline?.name, stages },
    );
    expect(status).toBe(200);
  }

  test("why a mail is where it is, and what a correction would change", async () => {
    const { items } = await get<TimelineList>("/api/v1/messages?limit=50");
    const linked = items?.find((one) => one.links?.length);
    await page.goto(`${demo.url}/messages/${linked?.id}`);
    await page.getByRole("link", { name: "Why is this here?" }).click();
    await page.getByText("Decided by version").waitFor();
    const named = page.getByText(/^Rule: (address|domain|contact’s company|.*(deal|conversation).*)$/);
    await named.first().waitFor();
    await page.getByRole("button", { name: "This is wrong" }).first().click();
    await page.getByText(/messages? would change/).waitFor();
    await page.getByLabel("For what does this hold?").selectOption("message");
    await page.getByText(/messages? would change/).waitFor();
    await page.getByRole("button", { name: "Apply" }).click();
    await notice("Corrected").waitFor();
    await notice("Corrected").getByRole("button", { name: "Undo" }).click();
    await notice("Undone").waitFor();
    await page.getByRole("button", { name: "Log it on another record" }).click();
    await page.getByRole("combobox", { name: "Log it on another record" }).fill("Tidew");
    await page.getByRole("option").filter({ hasText: "Tidewater" }).first().waitFor();
    await page.keyboard.press("Enter");
    await page.getByText(/Tidewater.*: \+\d/).waitFor(); // what it would gain
    await page.screenshot({ path: join(pictures, "correction.png") });
    expect(complaints).toEqual([]);
  });

  test("mail health adds up and finds a mail", async () => {
    await page.goto(`${demo.url}/health`);
    await page.getByText("Every mail is accounted for.").waitFor();
    const { items } = await get<TimelineList>("/api/v1/messages?limit=1");
    const why = await get<{ stored: { rfc_id: string }[] }>(`/api/v1/messages/${items?.[0]?.id}/why`);
    await page.getByLabel("Message-ID").fill(`<${why.stored[0]?.rfc_id}>`);
    await page.getByRole("button", { name: "Look", exact: true }).click();
    await page
      .getByRole("status")
      .filter({ hasText: "Stored" })
      .getByRole("link", { name: "Why is this here?" })
      .waitFor();
    await page.getByRole("button", { name: "Compare with the server" }).click();
    await notice("Compared with the server").waitFor();
    await page.getByText(/compared mail by mail/).waitFor();
    await page.screenshot({ path: join(pictures, "health.png") });
    await page.getByLabel("Message-ID").fill("<never@seen.example>");
    await page.getByRole("button", { name: "Look", exact: true }).click();
    await page.getByRole("status").filter({ hasText: "has no such mail" }).waitFor();
    expect(complaints).toEqual([]);
  });

  test("settings: a field, an exclusion with its preview, a key, a language", async () => {
    await page.goto(`${demo.url}/settings/fields`);
    await page.getByLabel("Name of the field").fill("Délai de livraison");
    await page.getByRole("button", { name: "Add field" }).click();
    await page.getByText("delai_de_livraison").waitFor();
    await page.goto(`${demo.url}/settings/privacy`);
    await page.getByLabel("Address or domain").fill("northline.example");
    await page.getByRole("button", { name: "Show what changes" }).click();
    await page.getByText(/messages? would change/).waitFor();
    await page.getByRole("button", { name: "Apply" }).click();
    await page.getByRole("listitem").filter({ hasText: "northline.example" }).waitFor();
    await page.getByRole("button", { name: "Remove" }).click();
    await page.getByText("Nothing is excluded.").waitFor();
    await page.goto(`${demo.url}/settings/keys`);
    await page.getByLabel("What is it for?").fill("The wall display");
    await page.getByRole("button", { name: "Make a key" }).click();
    await page.getByText(/^tl_/).waitFor();
    await page.goto(`${demo.url}/settings/workspace`);
    await page.getByLabel("Country").selectOption("Poland");
    await page.getByRole("region", { name: "Workspace" }).getByRole("button", { name: "Save" }).click();
    await expect.poll(async () => (await get<MeView>("/api/v1/me")).workspace.country).toBe("PL");
    await page.goto(`${demo.url}/settings/language`);
    await page.getByRole("combobox").selectOption("pl");
    await page.getByRole("heading", { name: "Ustawienia" }).waitFor();
    await page.getByRole("combobox").selectOption("en");
    expect(complaints).toEqual([]);
  });

  test("settings: stages are added and reordered, a role is made, given and taken back", async () => {
    const stages = async () =>
      (await get<ItemsPipeline>("/api/v1/pipelines")).items
        ?.find(({ key }) => key === "sales")
        ?.stages?.map(({ name }) => name);
    const before = await stages();
    await page.goto(`${demo.url}/settings/pipelines`);
    const sales = page.getByRole("region", { name: "Sales" });
    await sales.getByRole("textbox", { name: "New stage" }).fill("Demo call");
    await sales.getByRole("button", { name: "Add", exact: true }).click();
    await sales.getByRole("button", { name: "Move up: Demo call" }).click();
    await sales.getByRole("textbox", { name: "Condition to enter: Demo call" }).fill("amount > nonsense");
    await sales.getByRole("button", { name: "Save" }).click();
    await sales.getByRole("alert").waitFor(); // what was typed stays
    await sales.getByRole("textbox", { name: "Condition to enter: Demo call" }).fill("amount > 0");
    await page.screenshot({ path: join(pictures, "pipeline.png") });
    await sales.getByRole("button", { name: "Save" }).click();
    await notice("Saved").waitFor();
    expect(await stages()).toEqual(["Qualified", "Proposal", "Demo call", "Negotiation", "Won", "Lost"]);
    await page.keyboard.press("Control+z");
    await notice("Undone").waitFor();
    expect(await stages()).toEqual(before);

    await page.goto(`${demo.url}/settings/roles`);
    await page.getByLabel("New role").fill("Trainee");
    await page.getByRole("region", { name: "What a role may do" }).getByRole("button", { name: "New" }).click();
    await page.getByLabel("Deals: Delete").selectOption("own");
    await page.getByRole("checkbox", { name: "Import" }).check();
    await page.getByRole("button", { name: "Save", exact: true }).last().click();
    await notice("Saved").waitFor();
    await page.getByLabel("Role: Tom Ashby").selectOption({ label: "Trainee" });
    await expect
      .poll(async () => (await get<ItemsMembership>("/api/v1/memberships")).items?.map(({ role }) => role).sort())
      .toEqual(["admin", "trainee"]);
    await page.screenshot({ path: join(pictures, "roles.png"), fullPage: true });
    await page.keyboard.press("Control+z");
    await expect
      .poll(async () => (await get<ItemsMembership>("/api/v1/memberships")).items?.map(({ role }) => role).sort())
      .toEqual(["admin", "member"]);
    expect(complaints).toEqual([]);
  });

  const world = { demo, browser: () => browser, page: () => page, listen, get, notice, complaints };
  firstTests(world);
  fewTests(world);
  tableTests(world);
  bringTests(world);
  sendTests(world);
  refusedTests(world);
  writeTests(world);
  healthTests(world);
  formatTests(world);
  boardTests(world);
  keyTests(world);
  toldTests(world);
  boxTests(world);
  liveTests(world);
  meetTests(world);

  // serious is what axe finds that keeps somebody out.
  async function serious(at: Page): Promise<string[]> {
    // Through the debugger's door: the policy of the page lets no script in.
    await at.evaluate(axe);
    return at.evaluate(async () => {
      interface Found {
        violations: { id: string; impact: string; nodes: { target: string[]; failureSummary: string }[] }[];
      }
      interface Axe {
        run: (options: object) => Promise<Found>;
      }
      const found: Found = await (window as unknown as { axe: Axe }).axe.run({ resultTypes: ["violations"] });
      return found.violations
        .filter(({ impact }) => impact === "serious" || impact === "critical")
        .map(
          ({ id, nodes }) =>
            `${id}: ${nodes
              .map((n) => `${n.target.join(" ")} ${n.failureSummary}`)
              .join(" | ")
              .slice(0, 900)}`,
        );
    });
  }

  // The other two are for looking at: PICTURES=DIR npm run browser.
  const looks = [
    ["desk", 1280, 800, "light"],
    ["phone", 390, 844, "dark"],
    ["desk", 1280, 800, "dark"],
    ["phone", 390, 844, "light"],
  ] as const;
  type Look = (typeof looks)[number];

  // screens are the addresses of all screens.
  async function screens(): Promise<Record<string, string>> {
    const deal = await openDeal();
    const mail = (await get<TimelineList>("/api/v1/messages?limit=1")).items?.[0];
    // one is the first of a list, as far as the tests before made any.
    const one = async (path: string, at = path) => {
      const id = (await get<RecordList>(`/api/v1/${path}?limit=1`)).items?.[0]?.id;
      return id ? `/${at}/${id}` : `/${path}`;
    };
    const tabs = ["account", "workspace", "roles", "people", "fields", "pipelines", "mailboxes", "privacy", "keys"];
    return {
      day: "/",
      inbox: "/inbox",
      letter: "/inbox/drafts/new",
      drafts: "/inbox?list=drafts",
      outgoing: "/inbox?list=outgoing",
      message: `/messages/${mail?.id}`,
      record: `/records/${deal.id}`,
      table: "/contacts",
      board: "/board/sales",
      why: `/messages/${mail?.id}/why`,
      calendar: "/calendar?of=deals.expected_close",
      campaigns: "/campaigns",
      campaign: await one("campaigns"),
      sequence: await one("sequences"),
      task: await one("tasks", "records"),
      "board-view": "/deals?as=board:sales",
      "board-field": "/deals?as=board:field:priority",
      "calendar-view": "/deals?as=calendar:expected_close",
      imports: "/imports",
      duplicates: "/duplicates",
      health: "/health",
      start: "/start",
      notices: "/notices",
      templates: "/templates",
      sequences: "/sequences",
      filter: `/deals?filter=1&q=${encodeURIComponent("deals where stage = won and (amount > 5 EUR or owner = me)")}`,
      groups: "/deals?group=company",
      ...Object.fromEntries(tabs.map((tab) => [tab, `/settings/${tab}`])),
    };
  }

  // What is seen only once it is opened.
  const opened: Record<string, string> = { task: "Snooze", filter: "Views", day: "workspaces and account" };

  // faultsOf looks at every screen in one size and theme.
  async function faultsOf([name, width, height, colorScheme]: Look, all: Record<string, string>) {
    const storageState = await context.storageState();
    const viewport = { width, height };
    const other = await browser.newContext({ viewport, colorScheme, storageState, locale: "en-GB" });
    other.setDefaultTimeout(120_000);
    const at = await other.newPage();
    listen(at);
    const found: unknown[] = [];
    for (const [screen, path] of Object.entries(all)) {
      await at.goto(demo.url + path);
      await at.getByRole("heading").first().waitFor();
      const button = opened[screen];
      if (button) await at.getByRole("button", { name: button }).first().click();
      await at.screenshot({ path: join(pictures, `${screen}-${name}-${colorScheme}.png`) });
      const over = await at.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      const faults = await serious(at);
      if (over !== 0 || faults.length > 0) found.push({ screen, name, colorScheme, over, faults });
    }
    await other.close();
    return found;
  }

  test("all screens, narrow and wide, light and dark: nothing sticks out, nothing complains", async () => {
    const all = await screens();
    const wanted = process.env.PICTURES ? looks : looks.slice(0, 2);
    const found = await Promise.all(wanted.map((look) => faultsOf(look, all)));
    expect(found.flat()).toEqual([]);
    expect(complaints).toEqual([]);
  }, 480_000);
});
