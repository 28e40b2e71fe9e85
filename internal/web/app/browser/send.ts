import { expect, test } from "vitest";
import type { ItemsCampaign } from "../src/api.gen";
import type { World } from "./world";

// What is sent to many people.
export function sendTests({ demo, page: current, get, complaints }: World) {
  test("a letter is written, its recipients are seen with reasons, and sending is begun and paused", async () => {
    const page = current();
    await page.goto(`${demo.url}/campaigns`);
    await page.getByRole("button", { name: "New campaign" }).click();
    await page.getByLabel(/^Name\s*\*?$/).fill("Autumn prices");
    await page.getByLabel(/To whom/).fill("contacts limit 6 nonsense");
    await page
      .getByText(/nonsense/)
      .first()
      .waitFor();
    await page.getByLabel(/To whom/).fill('contacts where name ~ "a"');
    await page.getByText(/contacts? match/).waitFor();
    await page.getByRole("button", { name: "Write a new letter" }).click();
    await page.getByLabel("Name of the letter").fill("Prices");
    await page.getByLabel("Subject").fill("New prices");
    await page.getByLabel(/^Text\s*\*?$/).fill("Dear {{contact.frist_name|you}}");
    await page
      .getByText(/frist_name/)
      .last()
      .waitFor();
    await page.getByLabel(/^Text\s*\*?$/).fill("Dear {{contact.first_name|you}},\n\nour new prices.");
    await page
      .getByRole("region", { name: "As one of them reads it" })
      .getByText(/our new prices/)
      .waitFor();
    await page.getByRole("button", { name: "Save" }).click();
    await expect.poll(() => page.getByLabel("Letter").inputValue()).toMatch(/^tpl_/);
    await page.getByRole("button", { name: "New", exact: true }).click();
    await page.waitForURL(/campaigns\/cam_/);
    await page.getByRole("button", { name: "Write the recipients down" }).click();
    await page.getByRole("button", { name: "Start sending" }).waitFor();
    await page.getByRole("button", { name: /^Waits [1-9]/ }).waitFor();
    await page.getByText("has an open deal").first().waitFor();
    await page.getByRole("button", { name: "Start sending" }).click();
    await page.getByRole("heading", { name: "Sending" }).waitFor();
    await page.getByRole("button", { name: "Pause" }).click();
    await page.getByRole("heading", { name: "Paused" }).waitFor();
    await page.getByText(/\d+ of \d+ sent/).waitFor();
    expect((await get<ItemsCampaign>("/api/v1/campaigns")).items?.[0]?.name).toBe("Autumn prices");
    expect(complaints).toEqual([]);
  });
}
