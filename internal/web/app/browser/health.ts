import { join } from "node:path";
import { expect, test } from "vitest";
import { pictures, type World } from "./world";

// What became of every mail.
export function healthTests({ demo, page: current, complaints }: World) {
  test("a mail that somebody misses is looked for by what they know of it", async () => {
    const page = current();
    await page.goto(`${demo.url}/health`);
    const form = page.getByRole("form", { name: "Where is this mail?" });
    const look = form.getByRole("button", { name: "Look" });
    await expect.poll(() => look.isDisabled()).toBe(true);
    await form.getByLabel("Who is in it").fill("caskharbour.example");
    await form.getByLabel("Words of its subject").fill("quotation Q-2383");
    await look.click();
    await form.getByText("Stored · INBOX").first().waitFor();
    await page.screenshot({ path: join(pictures, "where.png"), fullPage: true });
    await form.getByLabel("Words of its subject").fill("nobody wrote that");
    await look.click();
    await form.getByText(/has no such mail/).waitFor();
    await form.getByLabel("Who is in it").fill("");
    await form.getByLabel("Words of its subject").fill("");
    await form.getByLabel("Message-ID").fill("<nobody@nowhere.example>");
    await look.click();
    await form.getByText(/has no such mail/).waitFor();
    expect(complaints).toEqual([]);
  });
}
