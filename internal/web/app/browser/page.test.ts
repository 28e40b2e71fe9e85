import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { Fake } from "./fake";
import { mailbox } from "./mail";
import { executable, installed, pictures } from "./world";

const built = existsSync(join(import.meta.dirname, "../dist/index.html"));

if (!built) throw new Error("the app is not built: npm run build");

describe.skipIf(!installed("the page in a browser", false))("the page in a browser", () => {
  let browser: Browser;
  let fake: Fake;
  let home: string;
  let page: Page;
  let complaints: string[];

  beforeAll(async () => {
    mkdirSync(pictures, { recursive: true });
    browser = await chromium.launch({ executablePath: executable, args: ["--no-sandbox"] });
  });
  afterAll(() => browser?.close());
  beforeEach(async () => {
    fake = new Fake();
    home = await fake.start();
  });
  afterEach(async () => {
    await page.context().close();
    await fake.stop();
    // The policy of the page reports everything that it stops; nothing of ours
    // may be among it.
    expect(complaints).toEqual([]);
  });

  async function visit(
    path: string,
    size = { width: 1280, height: 800 },
    colorScheme: "light" | "dark" = "light",
    locale = "en-GB",
  ) {
    const context = await browser.newContext({ viewport: size, colorScheme, locale });
    page = await context.newPage();
    complaints = [];
    page.on("console", (line) => {
      if (["error", "warning"].includes(line.type()) && !/status of 40[14]/.test(line.text()))
        complaints.push(line.text());
    });
    page.on("pageerror", (error) => complaints.push(String(error)));
    await page.goto(home + path);
  }

  const shot = (name: string) => page.screenshot({ path: join(pictures, `${name}.png`) });
  const overflow = () => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);

  test.each([
    ["desk-light", { width: 1280, height: 800 }, "light"],
    ["desk-dark", { width: 1280, height: 800 }, "dark"],
    ["middle-light", { width: 1000, height: 760 }, "light"],
    ["phone-light", { width: 390, height: 844 }, "light"],
    ["phone-dark", { width: 390, height: 844 }, "dark"],
  ] as const)("%s: shows list, message and card without sideways scroll", async (name, size, scheme) => {
    await visit("/inbox", size, scheme);
    await page.getByText("Delivery note 1200").waitFor();
    await shot(`${name}-list`);
    expect(await overflow()).toBe(0);
    await page.getByRole("link", { name: /option B/ }).click();
    await page.getByRole("heading", { name: /option B/ }).waitFor();
    await page.getByRole("article", { name: "Anna Nowak" }).waitFor();
    await page.waitForTimeout(150);
    await shot(`${name}-message`);
    expect(await overflow()).toBe(0);
    await page.getByRole("article", { name: "Anna Nowak" }).scrollIntoViewIfNeeded();
    await shot(`${name}-card`);
    await page.getByRole("button", { name: "Open", exact: true }).click();
    await page.getByRole("article", { name: "Pump renewal 2027" }).waitFor();
    await shot(`${name}-widgets`);
    expect(await overflow()).toBe(0);
  });

  test("the card works: required input, change, notice, back at the root", async () => {
    await visit("/messages/msg_offer");
    await page.getByRole("button", { name: "Open", exact: true }).click();
    await page.getByText("Here is the deal").waitFor();
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("Fill this in first.").waitFor();
    await page.getByLabel("Next step").fill("Send the contract");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("Stage saved").waitFor();
    await page.getByRole("article", { name: "Anna Nowak" }).waitFor();
    const event = fake.events.at(-1) as { commonEventObject: unknown; gmail: unknown };
    expect(event.gmail).toEqual({ messageId: "tl-msg_offer" });
    expect(event.commonEventObject).toMatchObject({
      hostApp: "GMAIL",
      platform: "WEB",
      parameters: { op: "save" },
      formInputs: {
        next: { stringInputs: { value: ["Send the contract"] } },
        stage: { stringInputs: { value: ["proposal"] } },
        show: { stringInputs: { value: ["deals"] } },
        close: { dateInput: { msSinceEpoch: "1797292800000" } },
      },
    });
  });

  test("keys move and open", async () => {
    await visit("/inbox");
    await page.getByText("Delivery note 1200").waitFor();
    for (const key of ["j", "j", "j", "k", "Enter"]) await page.keyboard.press(key);
    await page.getByRole("heading", { name: "Risposta automatica: Incontro a Bologna" }).waitFor();
    expect(new URL(page.url()).pathname).toBe("/messages/msg_away");
    await page.goBack();
    await page.getByText("Every mail, and why it is where it is").waitFor();
  });

  test("older mail, and the timeline of one record", async () => {
    await visit("/inbox");
    await page.getByRole("button", { name: "Load older mail" }).click();
    await page.getByText("Delivery note 1141").waitFor();
    await page.goto(`${home}/inbox?record=con_anna`);
    await page.getByRole("heading", { name: "Timeline of Anna Nowak" }).waitFor();
    expect(await page.getByText("Seals, steel").count()).toBe(0);
    await shot("timeline");
    await page.getByRole("link", { name: "All mail" }).click();
    await page.getByText("Seals, steel").waitFor();
  });

  test("the first sync counts, and its sum is there to see", async () => {
    let stored = 2600;
    fake.mailboxes = () => {
      stored += 1700;
      return [mailbox(stored)];
    };
    await visit("/inbox");
    const pill = page.getByRole("button", { name: /of 20,412/ });
    await expect.poll(() => pill.textContent(), { timeout: 9000 }).toMatch(/mails\/s · .* left/);
    await pill.click();
    await page.getByText("Every mail is accounted for.").waitFor();
    await page.getByText("2 folders").click();
    await shot("health");
  });

  test("mail that was given up is named with its reason, and asked for again, one or all", async () => {
    fake.dead = [7, 133, 150].map((key) => ({
      ...{ key, copy: `cop_${key}`, folder: "INBOX", reason: "breaks_the_connection" },
      detail: "the answer is no FETCH",
    }));
    await visit("/health");
    const retry = page.getByRole("button", { name: "Try again", exact: true });
    await expect.poll(() => retry.count()).toBe(3);
    await shot("given-up");
    await retry.first().click();
    await expect.poll(() => retry.count()).toBe(2);
    await page.getByRole("button", { name: "Try all of them again" }).click();
    await expect.poll(() => retry.count()).toBe(0);
    expect(fake.asked.filter((line) => line.endsWith("/retry"))).toEqual(
      [7, 133, 150].map((key) => `POST /api/v1/mailboxes/mbx_1/dead/cop_${key}/retry`),
    );
  });

  test("mail that arrives while the page is open comes up on top", async () => {
    let stored = 5000;
    fake.mailboxes = () => [mailbox(stored)];
    await visit("/inbox");
    await page.getByText("Delivery note 1200").waitFor();
    expect(await page.getByText("Just now").count()).toBe(0);
    fake.arrive("Just now");
    stored++;
    await page.getByText("Just now").waitFor({ timeout: 6000 });
    await page.getByText("Delivery note 1200").waitFor();
  });

  test("trouble, no mailbox, nothing to show", async () => {
    fake.empty = true;
    fake.mailboxes = () => [];
    await visit("/inbox");
    await page.getByRole("link", { name: "Connect a mailbox" }).waitFor();
    await shot("empty");
    const trouble = {
      msg: "The server refused the password.",
      hint: "Run `threadline mailbox add` again.",
      since: null,
    };
    fake.mailboxes = () => [{ ...mailbox(5000), state: "auth_required", trouble }];
    await page.getByRole("button", { name: "Needs attention" }).click();
    await page.getByText("The server refused the password.").waitFor();
    await shot("trouble");
  });

  test("a link signs in once, and signing out closes the door", async () => {
    fake.signedIn = false;
    await visit("/sign-in#good");
    await page.getByRole("heading", { name: "Your day is free" }).waitFor();
    expect(page.url()).toBe(`${home}/`);
    expect(fake.asked.filter((line) => line === "POST /api/v1/session")).toHaveLength(1);
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByText("You are not signed in").waitFor();
    await shot("signed-out");
    await page.goto(`${home}/sign-in#used`);
    await page.getByText("The link was used already.").waitFor();
    await shot("sign-in-refused");
  });

  test.each([
    ["en-GB", "Gmail simulator", 1280],
    ["fr-FR", "Simulateur Gmail", 1280],
    ["it-IT", "Simulatore di Gmail", 390],
    ["pl-PL", "Symulator Gmaila", 390],
  ] as const)("the simulator in %s signs what Gmail would send", async (locale, title, width) => {
    await visit("/simulator/msg_offer", { width, height: 844 }, "light", locale);
    await page.getByRole("heading", { name: title }).waitFor();
    await page.getByRole("article", { name: "Anna Nowak" }).waitFor();
    await shot(`simulator-${locale}`);
    expect(await overflow()).toBe(0);
    const event = fake.events.at(-1) as { authorizationEventObject: unknown; commonEventObject: unknown };
    expect(event.authorizationEventObject).toMatchObject({ userIdToken: "user.of.demo" });
    expect(event.commonEventObject).toMatchObject({ hostApp: "GMAIL", userLocale: locale });
    if (width > 720) {
      const pane = await page.getByRole("complementary").boundingBox();
      expect(pane?.width).toBe(300);
    }
  });

  test.each(["fr", "it", "pl"])("speaks %s", async (locale) => {
    fake.locale = locale;
    await visit("/messages/msg_offer");
    await page.getByRole("article", { name: "Anna Nowak" }).waitFor();
    const heading =
      { fr: "Pourquoi il est consigné", it: "Perché è registrato", pl: "Dlaczego zarejestrowano" }[locale] ?? "";
    await page.getByRole("heading", { name: heading }).waitFor();
    await shot(`tongue-${locale}`);
  });
});
