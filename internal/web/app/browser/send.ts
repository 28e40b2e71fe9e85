import { join } from "node:path";
import { expect, test } from "vitest";
import type { ItemsCampaign } from "../src/api.gen";
import { pictures, type World } from "./world";

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
    const checks = page.getByRole("region", { name: "Before the first mail" });
    await checks.getByText("Unsubscribing by one click").waitFor();
    await page.screenshot({ path: join(pictures, "checks.png"), fullPage: true });
    await page.getByRole("button", { name: "Start sending" }).click();
    await page.getByRole("heading", { name: "Sending" }).waitFor();
    await page.getByRole("button", { name: "Pause" }).click();
    await page.getByRole("heading", { name: "Paused" }).waitFor();
    await page.getByText(/\d+ of \d+ sent/).waitFor();
    const results = page.getByRole("region", { name: "Results" });
    await results.getByText("Delivered").waitFor();
    await page.screenshot({ path: join(pictures, "results.png") });
    expect((await get<ItemsCampaign>("/api/v1/campaigns")).items?.[0]?.name).toBe("Autumn prices");
    expect(complaints).toEqual([]);
  });

  test("letters and snippets are listed, a sequence is written, begun and left", async () => {
    const page = current();
    await page.goto(`${demo.url}/templates`);
    for (const [name, text] of [
      ["First word", "Dear {{contact.first_name|you}},\n\nmay I call?"],
      ["Second word", "Dear {{contact.first_name|you}},\n\nonce more."],
    ] as const) {
      await page.getByRole("button", { name: "New letter" }).click();
      await page.getByLabel("Name of the letter").fill(name);
      await page.getByLabel("Subject").fill(name);
      await page.getByLabel(/^Text\s*\*?$/).fill(text);
      await page.getByRole("button", { name: "Save" }).click();
      await page.getByRole("region", { name: "Letters" }).getByText(name).first().waitFor();
    }
    await page.getByRole("button", { name: "New snippet" }).click();
    await page.getByLabel("Name of the letter").fill("Way to us");
    await page.getByLabel(/^Text\s*\*?$/).fill("From the station\ntwo stops.");
    await page.reload(); // a reload loses no word
    await page.getByRole("button", { name: "New snippet" }).click();
    expect(await page.getByLabel(/^Text\s*\*?$/).inputValue()).toBe("From the station\ntwo stops.");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByRole("region", { name: "Snippets" }).getByText("Way to us").waitFor();
    await page.screenshot({ path: join(pictures, "templates.png") });

    await page.goto(`${demo.url}/sequences`);
    await page.getByRole("button", { name: "New sequence" }).click();
    await page.getByLabel(/^Name\s*\*?$/).fill("After the fair");
    await page.getByLabel("Letter").selectOption({ label: "First word" });
    await page.getByRole("button", { name: "Add a step" }).click();
    await page.getByLabel("Letter").nth(1).selectOption({ label: "Second word" });
    await page.getByRole("button", { name: "Save" }).click();
    await page.waitForURL(/sequences\/seq_/);
    await page.getByLabel(/Whom/).fill("contacts where name ~ nothing at all");
    await page.getByRole("button", { name: "Put people in" }).click();
    await page.getByRole("alert").waitFor();
    await page.getByLabel(/Whom/).fill('contacts where name ~ "riva"');
    await page.getByRole("button", { name: "Put people in" }).click();
    const people = page.getByRole("region", { name: "Who is in it" });
    await people.getByText("Niccolò Riva").waitFor();
    await page.getByRole("button", { name: "Let it send" }).click();
    await page.getByRole("heading", { name: "Sends" }).waitFor();
    await page.getByRole("button", { name: "Pause" }).first().click();
    await page.getByRole("heading", { name: "Paused" }).waitFor();
    await page.screenshot({ path: join(pictures, "sequence.png"), fullPage: true });
    await people.getByRole("button", { name: "Take out" }).first().click();
    await people.getByText("Taken out").waitFor();
    expect(complaints).toEqual([]);
  });
}
