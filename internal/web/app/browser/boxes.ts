import { join } from "node:path";
import { expect, test } from "vitest";
import type { DraftView, ItemsMailboxView, ItemsOutgoing } from "../src/api.gen";
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

  test("a picture that is pasted stands in the letter, and still does when it is opened again", async () => {
    const page = current();
    const letter = page.getByRole("region", { name: "New mail" });
    const text = letter.getByRole("textbox", { name: "Text" });
    await page.goto(`${demo.url}/inbox/drafts/new?to=ada@canary.example`);
    await text.waitFor();
    const plain = letter.getByRole("button", { name: "Formatting" });
    if (await plain.isVisible()) await plain.click();
    await letter.getByRole("toolbar", { name: "Formatting" }).waitFor();
    await letter.getByLabel("Subject").fill("A plan");
    await text.focus();
    await page.keyboard.type("See ");
    await text.evaluate(async (at) => {
      const canvas = document.createElement("canvas");
      canvas.width = canvas.height = 40;
      canvas.getContext("2d")?.fillRect(0, 0, 30, 20);
      const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/png"));
      const clipboardData = new DataTransfer();
      clipboardData.items.add(new File([blob as Blob], "plan.png", { type: "image/png" }));
      at.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
    });
    await text.locator('img[alt="plan.png"]').waitFor();
    await letter.getByText("Saved among your drafts").waitFor();
    const words = async () => {
      const id = (await get<ItemsOutgoing>("/api/v1/drafts")).items?.find((one) => one.subject === "A plan")?.id;
      return get<DraftView>(`/api/v1/drafts/${id}`);
    };
    await expect
      .poll(async () => (await words()).words.html ?? "")
      .toMatch(/See <img src="data:image\/png;base64,[^"]+" alt="plan.png"/);
    const kept = await words();
    expect([kept.files ?? [], kept.left ?? []]).toEqual([[], []]);
    await page.screenshot({ path: join(pictures, "pasted.png") });
    await page.goto(`${demo.url}/inbox/drafts/${kept.id}`);
    await page.locator('[role="textbox"] img[alt="plan.png"]').waitFor();
    await page.evaluate((id) => fetch(`/api/v1/drafts/${id}`, { method: "DELETE" }), kept.id);
    await page.goto(demo.url);
    expect(complaints).toEqual([]);
  });
}
