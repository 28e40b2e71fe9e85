import { join } from "node:path";
import { expect, test } from "vitest";
import type { ItemsViewView, RecordList, RecordView, ViewGroups } from "../src/api.gen";
import { pictures, type World } from "./world";

// What is done with the records of a folder.
export function tableTests({ demo, page: current, get, notice, complaints }: World) {
  const inQuery = (q: string) => get<RecordList>(`/api/v1/deals?q=${encodeURIComponent(q)}&limit=200`);

  test("a filter is built, read from the query bar, and written into it", async () => {
    const page = current();
    await page.goto(`${demo.url}/deals`);
    await page.getByRole("button", { name: "Filter", exact: true }).click();
    const filter = page.getByRole("region", { name: "Filter" });
    await filter.getByRole("button", { name: "+ Condition" }).click();
    await filter.getByLabel("Field").selectOption("stage");
    await filter.getByLabel("Comparison").selectOption("in");
    await filter.getByLabel("Stage", { exact: true }).fill("Proposal, Negotiation");
    await page.keyboard.press("Enter");
    const bar = page.getByRole("textbox", { name: "Query" });
    await expect.poll(() => bar.inputValue()).toBe("deals where stage in (proposal, negotiation)");
    await bar.fill('deals where stage in (proposal, negotiation) and (amount > 5000 EUR or company.name ~ "ka")');
    await page.keyboard.press("Enter");
    await expect.poll(() => filter.getByLabel("Field").count()).toBe(3);
    expect(await filter.getByLabel("Amount").inputValue()).toBe("5000 EUR");
    await filter.getByRole("button", { name: "Remove this condition" }).last().click();
    await expect
      .poll(() => bar.inputValue())
      .toBe("deals where stage in (proposal, negotiation) and amount > 5000 EUR");
    const want = await inQuery("deals where stage in (proposal, negotiation) and amount > 5000 EUR");
    await expect.poll(() => page.getByRole("grid").locator('[data-cell$=":0"]').count()).toBe(want.items?.length);
    await page.screenshot({ path: join(pictures, "filter.png") });
    expect(complaints).toEqual([]);
  });

  test("what is seen is kept as a view, opened by its link, changed, shared and removed", async () => {
    const page = current();
    const views = async () => (await get<ItemsViewView>("/api/v1/views?kind=deal")).items ?? [];
    const rows = () => page.getByRole("grid").locator('[data-cell$=":0"]').count();
    const q = "deals where stage = won order by amount desc";
    const won = (await inQuery(q)).items?.length;
    await page.goto(`${demo.url}/deals?q=${encodeURIComponent(q)}`);
    await page.getByRole("button", { name: "Columns" }).click();
    await page.getByRole("checkbox", { name: "Priority" }).check();
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Views" }).click();
    await page.getByLabel("Name of the view").fill("Won, largest first");
    await page.getByRole("button", { name: "Save as a view" }).click();
    await page.waitForURL(/view=vie_/);
    const [made] = await views();
    expect(made).toMatchObject({ name: "Won, largest first", query: q, sharing: "private" });
    expect(made?.columns).toContain("priority");
    await page.goto(`${demo.url}/deals?view=${made?.id}`);
    await page.getByRole("columnheader", { name: "Priority" }).waitFor();
    await expect.poll(rows).toBe(won);
    await page.getByLabel("Group by").selectOption("priority");
    await page.getByRole("button", { name: "Won, largest first · changed" }).click();
    await page.getByLabel("Who sees it").selectOption("workspace");
    await page.screenshot({ path: join(pictures, "view.png") });
    await page.getByRole("button", { name: "Save what was changed" }).click();
    await notice("Saved").waitFor();
    expect((await views())[0]).toMatchObject({ group_by: "priority", sharing: "workspace" });
    await page.getByRole("button", { name: "Won, largest first", exact: true }).click();
    await page.getByRole("region", { name: "Won, largest first" }).getByRole("button", { name: "Remove" }).click();
    await notice("Removed").waitFor();
    expect(await views()).toEqual([]);
    await page.keyboard.press("Control+z");
    await expect.poll(async () => (await views()).length).toBe(1);
    await page.goto(`${demo.url}/deals?view=vie_none`);
    await page.getByText(/This view was removed/).waitFor();
    expect(complaints).toEqual([]);
  });

  test("a board and a calendar of a query are kept as views, opened again, and moved in", async () => {
    const page = current();
    const keep = async (name: string) => {
      await page.getByRole("button", { name: "Views" }).click();
      await page.getByLabel("Name of the view").fill(name);
      await page.getByRole("button", { name: "Save as a view" }).click();
      await page.waitForURL(/view=/);
    };
    const shownAs = page.getByLabel("Shown as");
    await page.goto(`${demo.url}/deals?q=${encodeURIComponent("deals where amount > 4000 EUR order by amount desc")}`);
    await shownAs.selectOption({ label: "Board: Sales" });
    const column = page.getByRole("region", { name: "Negotiation" });
    await column.getByRole("article").first().waitFor();
    await keep("The large ones");
    const { items } = await get<ItemsViewView>("/api/v1/views?kind=deal");
    const board = items?.find(({ name }) => name === "The large ones");
    expect([board?.type, board?.group_by, board?.query]).toEqual([
      "board",
      "stage",
      "deals where amount > 4000 EUR and pipeline = sales order by amount desc",
    ]);
    const all = (await inQuery('deals where stage = negotiation and pipeline = "sales"')).items ?? [];
    const large = (await inQuery("deals where stage = negotiation and amount > 4000 EUR")).items ?? [];
    await expect.poll(() => column.getByRole("article").count()).toBe(large.length);
    expect(large.length).toBeLessThan(all.length);
    await page.screenshot({ path: join(pictures, "board-view.png") });

    await page.goto(`${demo.url}/deals`);
    await shownAs.selectOption({ label: "Calendar: Expected close" });
    await page.getByRole("table").waitFor();
    await keep("When they close");
    await page.goto(`${demo.url}/deals`);
    await page.getByRole("button", { name: "Views" }).click();
    await page.getByRole("link", { name: "The large ones" }).click();
    await column.getByRole("article").first().waitFor();
    expect(await shownAs.inputValue()).toBe("board:sales");
    await page.getByRole("button", { name: "The large ones" }).click();
    await page.getByRole("link", { name: "When they close" }).click();
    await page.getByRole("table").waitFor();
    const month = await page.getByRole("heading", { level: 2 }).textContent();
    await page.getByRole("button", { name: "Month after" }).click();
    await expect.poll(() => page.getByRole("heading", { level: 2 }).textContent()).not.toBe(month);
    await page.screenshot({ path: join(pictures, "calendar-view.png") });
    await page.getByRole("button", { name: "When they close" }).click();
    await page.getByRole("button", { name: "Remove" }).click();
    await notice("Removed").waitFor();
    await page.keyboard.press("Control+z");
    await notice("Undone").waitFor();
    expect(complaints).toEqual([]);
  });

  test("groups tell counts and sums, and open", async () => {
    const page = current();
    const groups = await get<ViewGroups>("/api/v1/groups?q=deals&by=stage&sum=amount");
    await page.goto(`${demo.url}/deals`);
    await page.getByLabel("Group by").selectOption("stage");
    const won = page.getByRole("region", { name: "Won" });
    const count = groups.groups?.find((one) => one.value === "won")?.count ?? 0;
    await won.getByRole("button", { name: new RegExp(`Won ${count}`) }).click();
    await expect.poll(() => won.locator('[data-cell$=":0"]').count()).toBe(count);
    await page.getByLabel("Group by").selectOption("company");
    await page.getByRole("region", { name: "Northline Coatings plc" }).waitFor();
    expect(complaints).toEqual([]);
  });

  test("many records are edited after a look at each, and taken back by Ctrl-Z", async () => {
    const page = current();
    const q = "deals where stage = won";
    const before = (await inQuery(q)).items ?? [];
    await page.goto(`${demo.url}/deals?q=${encodeURIComponent(q)}`);
    await page.locator('[data-cell="0:0"]').focus();
    await page.keyboard.press("Space"); // by keys: a row, and the next
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Space");
    await page.getByRole("status").filter({ hasText: "2 chosen" }).waitFor();
    await page.getByRole("button", { name: /^Choose all \d+ that match/ }).click();
    await page.getByRole("button", { name: "Edit them" }).click();
    const form = page.getByRole("dialog");
    await form.getByLabel("Field").selectOption("priority");
    await form.getByLabel("Priority").selectOption("high");
    await form.getByRole("button", { name: "Show what changes" }).click();
    await form
      .getByText(/Priority: –\s*→\s*High/)
      .first()
      .waitFor();
    await page.screenshot({ path: join(pictures, "bulk.png") });
    const did = await inQuery(`${q} and priority = high`);
    expect(did.items).toEqual([]); // nothing is written yet
    await form.getByRole("button", { name: `Change ${before.length} records` }).click();
    await notice(`${before.length} records changed`).waitFor();
    expect((await inQuery(`${q} and priority = high`)).items?.length).toBe(before.length);
    await page.keyboard.press("Control+z");
    await notice("Undone").waitFor();
    expect((await inQuery(`${q} and priority = high`)).items).toEqual([]);
    expect(complaints).toEqual([]);
  });

  test("a record is pointed at another one, found by its name", async () => {
    const page = current();
    const { items } = await inQuery("deals where stage = proposal");
    const deal = items?.find((one) => !/^Tidewater/.test(String(one.values.name))) as RecordView;
    await page.goto(`${demo.url}/records/${deal.id}`);
    await page.getByRole("button", { name: "Edit: Company" }).click();
    await page.getByRole("combobox", { name: "Company" }).fill("Tidew");
    await page.getByRole("option").filter({ hasText: "Tidewater" }).waitFor();
    await page.keyboard.press("Enter");
    await notice("Saved").waitFor();
    await page
      .getByText(/Company:.*→.*Tidewater/)
      .first()
      .waitFor(); // the history tells names
    await page.keyboard.press("Control+z");
    await notice("Undone").waitFor();
    expect((await get<RecordView>(`/api/v1/deals/${deal.id}`)).values.company).toBe(deal.values.company);
    expect(complaints).toEqual([]);
  });

  test("no digit of a large amount is cut off", async () => {
    const page = current();
    const values = { name: "Whole plant", amount: 123_456_789_012, currency: "PLN" };
    const answer = await page.context().request.post(`${demo.url}/api/v1/deals`, { data: { values } });
    const { id } = (await answer.json()) as RecordView;
    await page.goto(`${demo.url}/deals?q=${encodeURIComponent('deals where name = "Whole plant"')}`);
    const cell = page.getByRole("gridcell").filter({ hasText: "1,234,567,890.12" });
    await cell.waitFor();
    await expect.poll(() => cell.evaluate((e) => e.scrollWidth - e.clientWidth)).toBe(0);
    await page.context().request.delete(`${demo.url}/api/v1/deals/${id}`);
    expect(complaints).toEqual([]);
  });
}
