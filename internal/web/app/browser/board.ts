import { join } from "node:path";
import { expect, test } from "vitest";
import type { ItemsUserView, ItemsViewView, RecordList, RecordView } from "../src/api.gen";
import { pictures, type World } from "./world";

// Boards of fields, and what came with the program in another language.
export function boardTests({ demo, browser, page: current, get, notice, complaints, listen }: World) {
  const deal = async (): Promise<RecordView> => {
    const q = encodeURIComponent("deals where stage = proposal and priority is empty");
    return (await get<RecordList>(`/api/v1/deals?q=${q}&limit=1`)).items?.[0] as RecordView;
  };

  test("deals stand on a board by their priority; one that is carried has another, and it can be taken back", async () => {
    const page = current();
    const { id, values } = await deal();
    const name = String(values.name);
    const priority = async () => (await get<RecordView>(`/api/v1/deals/${id}`)).values.priority;
    await page.goto(`${demo.url}/deals`);
    await page.getByRole("combobox", { name: "Shown as" }).selectOption("board:field:priority");
    const column = (label: string) => page.getByRole("region", { name: label, exact: true });
    const card = (label: string) =>
      column(label).locator('[aria-roledescription="draggable"]').filter({ hasText: name }).first();
    await card("(none)").focus();
    await page.screenshot({ path: join(pictures, "board-by.png") });
    await page.keyboard.press("Space");
    await page.locator('[data-over="true"]').waitFor();
    await page.keyboard.press("ArrowRight");
    await page.locator('[data-over="true"]:not([aria-label="(none)"])').waitFor();
    await page.keyboard.press("Space");
    await notice("Moved to").waitFor();
    await expect.poll(priority).toBe("low");
    await page.keyboard.press("Control+z");
    await expect.poll(priority).toBe(undefined);
    await card("(none)").waitFor();
    expect(complaints).toEqual([]);
  });

  test("a board by a field is kept as a view, and opens so", async () => {
    const page = current();
    await page.goto(`${demo.url}/deals?q=${encodeURIComponent("deals where stage = proposal")}`);
    const shownAs = page.getByRole("combobox", { name: "Shown as" });
    await shownAs.selectOption("board:field:priority");
    await page.getByRole("button", { name: "Views" }).click();
    await page.getByLabel("Name of the view").fill("By priority");
    await page.getByRole("button", { name: "Save as a view" }).click();
    await page.waitForURL(/view=vie_/);
    const kept = async () =>
      (await get<ItemsViewView>("/api/v1/views?kind=deal")).items?.find(({ name }) => name === "By priority");
    expect(await kept()).toMatchObject({ type: "board", group_by: "priority", query: "deals where stage = proposal" });
    await page.goto(`${demo.url}/deals?view=${(await kept())?.id}`);
    await page.getByRole("region", { name: "(none)", exact: true }).getByRole("article").first().waitFor();
    expect(await shownAs.inputValue()).toBe("board:field:priority");
    await page.getByRole("button", { name: "By priority", exact: true }).waitFor(); // as it was kept
    await page.getByRole("button", { name: "By priority", exact: true }).click();
    await page.getByRole("button", { name: "Remove" }).click();
    await expect.poll(kept).toBe(undefined);
    expect(complaints).toEqual([]);
  });

  test("a long name leaves room, a name from right to left is read so, and who is late is told", async () => {
    const page = current();
    const make = async (values: object) => {
      const answer = await page.context().request.post(`${demo.url}/api/v1/deals`, { data: { values } });
      return (await answer.json()) as RecordView;
    };
    const deal = { pipeline: "sales", stage: "qualified", currency: "EUR" };
    const long = await make({ ...deal, name: "Donaudampfschiff".repeat(12), amount: 100 });
    const late = await make({ ...deal, name: "صفقة كبيرة 2027 (ABC)", expected_close: "2025-01-01" });
    await page.goto(`${demo.url}/board/sales`);
    const card = (name: string) => page.getByRole("article").filter({ hasText: name });
    const high = await card("Donaudampfschiff").evaluate((e) => e.getBoundingClientRect().height);
    expect(high).toBeLessThan(120);
    await card("ABC").locator('[data-late="true"]').waitFor();
    const bidi = await card("ABC")
      .getByRole("heading")
      .evaluate((e) => getComputedStyle(e).unicodeBidi);
    expect(bidi).toBe("plaintext");
    for (const { id } of [long, late]) await page.context().request.delete(`${demo.url}/api/v1/deals/${id}`);
    expect(complaints).toEqual([]);
  });

  test("a board is narrowed to an owner and by a filter, and makes a deal in its pipeline", async () => {
    const page = current();
    const users = (await get<ItemsUserView>("/api/v1/users")).items ?? [];
    const tom = users.find(({ email }) => email.startsWith("tom@"));
    const make = async (values: object) => {
      const answer = await page.context().request.post(`${demo.url}/api/v1/deals`, { data: { values } });
      return (await answer.json()) as RecordView;
    };
    const his = await make({ name: "A deal of Tom's", owner: tom?.id, amount: 100, currency: "EUR" });
    await page.goto(`${demo.url}/board/sales`);
    const cards = page.getByRole("article");
    const names = async () => (await cards.getByRole("link").allTextContents()).sort();
    await cards.filter({ hasText: "A deal of Tom's" }).waitFor();
    expect((await names()).length).toBeGreaterThan(5);
    await page.getByRole("combobox", { name: "Owner" }).selectOption(String(tom?.id));
    await expect.poll(names).toEqual(["A deal of Tom's"]);
    await page.getByRole("button", { name: "Filter", exact: true }).click();
    await page.getByRole("textbox", { name: "Query" }).fill("deals where amount > 5 EUR");
    await page.keyboard.press("Enter");
    await expect.poll(names).toEqual([]);
    await page.getByText("No record matches this query.").waitFor();
    await page.getByRole("combobox", { name: "Owner" }).selectOption("");
    await expect.poll(async () => (await names()).length).toBeGreaterThan(5);
    await page.screenshot({ path: join(pictures, "board-filter.png") });
    expect(await cards.filter({ hasText: "A deal of Tom's" }).count()).toBe(0);
    await page.getByRole("button", { name: "New", exact: true }).click();
    await page.getByRole("dialog").getByLabel("Name").fill("Made on the board");
    await page.keyboard.press("Enter");
    await page.waitForURL(/records\/dea_/);
    const made = await get<RecordView>(`/api/v1/deals/${page.url().split("/").pop()}`);
    expect(made.values).toMatchObject({ name: "Made on the board", pipeline: "sales", stage: "qualified" });
    for (const { id } of [his, made]) await page.context().request.delete(`${demo.url}/api/v1/deals/${id}`);
    expect(complaints).toEqual([]);
  });

  test("a closed deal shows when it was closed", async () => {
    const page = current();
    const q = encodeURIComponent("deals where stage = won and expected_close is not empty");
    const { items } = await get<RecordList>(`/api/v1/deals?q=${q}`);
    const day = (iso: unknown) =>
      new Date(String(iso)).toLocaleDateString("en-GB", { day: "numeric", month: "short", year: "numeric" });
    const other = items?.find(({ values }) => day(values.closed_at) !== day(values.expected_close));
    await page.goto(`${demo.url}/board/sales`);
    const card = page.getByRole("region", { name: "Won", exact: true }).getByRole("article");
    const its = card.filter({ hasText: String(other?.values.name) }).filter({ hasText: day(other?.values.closed_at) });
    await its.first().waitFor();
    expect(complaints).toEqual([]);
  });

  test("stages that nobody renamed are told in the reader's language, in the history, too", async () => {
    const page = current();
    const { id, version } = await deal();
    const moved = await page.context().request.patch(`${demo.url}/api/v1/deals/${id}`, {
      headers: { "if-match": version },
      data: { values: { stage: "negotiation" } },
    });
    expect(moved.status()).toBe(200);
    const storageState = await page.context().storageState();
    const other = await browser().newContext({ storageState });
    await other.addInitScript(() => localStorage.setItem("threadline:language", "fr"));
    const there = await other.newPage();
    listen(there);
    await there.goto(`${demo.url}/board/sales`);
    await there.getByRole("region", { name: "Négociation", exact: true }).waitFor();
    await there.goto(`${demo.url}/records/${id}`);
    await there.locator("del", { hasText: "Proposition" }).first().waitFor();
    await there.locator("ins", { hasText: "Négociation" }).first().waitFor();
    await there.goto(`${demo.url}/deals?group=stage`);
    await there.getByRole("region", { name: "Gagnée", exact: true }).waitFor();
    await there.screenshot({ path: join(pictures, "stages-fr.png") });
    await other.close();
    const now = await get<RecordView>(`/api/v1/deals/${id}`);
    await page.context().request.patch(`${demo.url}/api/v1/deals/${id}`, {
      headers: { "if-match": now.version },
      data: { values: { stage: "proposal" } },
    });
    expect(complaints).toEqual([]);
  });
}
