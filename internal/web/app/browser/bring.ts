import { expect, test } from "vitest";
import type { ItemsHit, RecordList } from "../src/api.gen";
import type { World } from "./world";

// What brings records in, finds them, and makes one of two.
export function bringTests({ demo, page: current, get, notice, complaints }: World) {
  test("Ctrl-K finds people, mail and commands, by keys alone", async () => {
    const page = current();
    await page.goto(demo.url);
    await page.getByRole("heading", { name: "My day" }).waitFor();
    const { items } = await get<RecordList>("/api/v1/contacts?limit=1");
    const name = String(items?.[0]?.values.name);
    await page.keyboard.press("Control+k");
    await page.getByRole("combobox", { name: "Search" }).fill(name.slice(0, 5));
    await page.getByRole("option").filter({ hasText: name }).first().waitFor();
    const hits = await get<ItemsHit>(`/api/v1/search?q=${encodeURIComponent(name.slice(0, 5))}&limit=12`);
    const first = hits.items?.[0];
    await expect.poll(() => page.locator('[aria-selected="true"]').textContent()).toContain(first?.title);
    await page.keyboard.press("Enter");
    await page.waitForURL(new RegExp(String(first?.id)));
    await page.keyboard.press("Control+k");
    await page.keyboard.type("go imports");
    await page.getByRole("option", { name: "Go to Imports" }).waitFor();
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Imports" }).first().waitFor();
    await page.keyboard.press("Control+k");
    await page.keyboard.type("zzzz nobody");
    await page.getByText(/Nothing begins with/).waitFor();
    await page.keyboard.press("Escape");
    await expect.poll(() => page.getByRole("dialog").count()).toBe(0);
    expect(complaints).toEqual([]);
  });

  test("a file is read, corrected, planned row by row, imported and taken back", async () => {
    const page = current();
    await page.goto(`${demo.url}/imports?folder=contacts`);
    const text = [
      "Name;E-mail;Position",
      "Łucja Maj;lucja.maj@huta.example;Buyer",
      "No Address;none at all;Clerk",
      "Left Out;left.out@huta.example;CEO",
    ].join("\n");
    await page
      .getByLabel("CSV file")
      .last()
      .setInputFiles({ name: "people.csv", mimeType: "text/csv", buffer: Buffer.from(text) });
    await page.getByRole("button", { name: "Read the file" }).click();
    await page.getByRole("combobox", { name: "Becomes: Position" }).selectOption("title");
    await page.getByRole("button", { name: "Show what becomes of the rows" }).click();
    await page.getByRole("combobox", { name: "Decide on row 4" }).selectOption("skip");
    await page.getByRole("button", { name: /^Skip 1/ }).waitFor();
    await page.getByRole("button", { name: /^Refused 1/ }).waitFor();
    await page.getByRole("button", { name: "Import now" }).click();
    await page.getByRole("button", { name: /^Created 1/ }).waitFor();
    const query = encodeURIComponent('contacts where name = "Łucja Maj"');
    const made = await get<RecordList>(`/api/v1/contacts?q=${query}`);
    expect(made.items?.map((one) => one.values.title)).toEqual(["Buyer"]);
    await page.getByRole("button", { name: "Undo the whole import" }).click();
    await notice("The import is taken back").waitFor();
    expect((await get<RecordList>(`/api/v1/contacts?q=${query}`)).items).toEqual([]);
    expect(complaints).toEqual([]);
  });

  test("two records are seen to be one, merged field by field, and parted again", async () => {
    const page = current();
    await page.goto(`${demo.url}/duplicates`);
    await page.getByRole("heading", { name: "Duplicates" }).first().waitFor();
    const ids = await page.evaluate(async () => {
      const headers = { "content-type": "application/json" };
      const make = async (values: object) =>
        (await (await fetch("/api/v1/contacts", { method: "POST", headers, body: JSON.stringify({ values }) })).json())
          .id;
      return [
        await make({ name: "Otylia Dwojak", phones: ["+48 600 700 800"], title: "Buyer" }),
        await make({ name: "Otylia Dwojak", phones: ["+48 600 700 800"], title: "Head of buying" }),
      ] as string[];
    });
    await page.reload();
    const pair = page.getByRole("listitem").filter({ hasText: "Otylia Dwojak" }).first();
    await pair.getByRole("link", { name: "Compare" }).click();
    const other = page.getByRole("radio", { name: "Job title: Otylia Dwojak" }).nth(1);
    const wanted = await other.locator("xpath=ancestor::td").textContent();
    await other.check();
    await page
      .getByRole("row", { name: /^Job title/ })
      .locator("td")
      .last()
      .filter({ hasText: wanted ?? "" })
      .waitFor();
    await page.getByRole("button", { name: "Merge", exact: true }).click();
    await notice("Merged").waitFor();
    const query = encodeURIComponent('contacts where name = "Otylia Dwojak"');
    const merged = (await get<RecordList>(`/api/v1/contacts?q=${query}`)).items ?? [];
    expect(merged.map((one) => one.values.title)).toEqual([wanted]);
    await page.keyboard.press("Control+z");
    await notice("Undone").waitFor();
    const parted = (await get<RecordList>(`/api/v1/contacts?q=${query}`)).items ?? [];
    expect(parted.map((one) => one.id).sort()).toEqual(ids.sort());
    expect(complaints).toEqual([]);
  });
}
