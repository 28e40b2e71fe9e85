import { join } from "node:path";
import { expect, test } from "vitest";
import type { ItemsMailboxView } from "../src/api.gen";
import { pictures, type World } from "./world";

// What a person says of their own mailbox.
export function boxTests({ demo, page: current, get, notice, complaints }: World) {
  test("a person names their other addresses, and no colleague's", async () => {
    const page = current();
    const aliases = async () => (await get<ItemsMailboxView>("/api/v1/mailboxes")).items?.[0]?.aliases ?? [];
    const before = await aliases();
    await page.goto(`${demo.url}/settings/mailboxes`);
    await page.getByText("Addresses and mail").first().click();
    const own = page.getByLabel("Other addresses of yours");
    const save = page.getByRole("button", { name: "Save" });
    await own.fill("tom@brightwell.example");
    await save.click();
    await page.getByRole("alert").getByText("tom@brightwell.example").waitFor();
    expect(await aliases()).toEqual(before);
    await own.fill("nora@home.example\nnora.hale@brightwell.example");
    await save.click();
    await notice("Saved").waitFor();
    expect(await aliases()).toEqual(["nora@home.example", "nora.hale@brightwell.example"]);
    await page.screenshot({ path: join(pictures, "own-addresses.png") });
    await page.reload();
    await page.getByText("Addresses and mail").first().click();
    expect(await own.inputValue()).toBe("nora@home.example\nnora.hale@brightwell.example");
    await own.fill(before.join("\n"));
    await save.click();
    await notice("Saved").waitFor();
    await expect.poll(aliases).toEqual(before);
    expect(complaints).toEqual([]);
  });
}
