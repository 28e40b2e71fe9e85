import { expect, test } from "vitest";
import type { RecordList, RecordView } from "../src/api.gen";
import type { World } from "./world";

// What others do is seen without asking.
export function liveTests({ demo, page: current, get, complaints }: World) {
  test("what changes elsewhere appears by itself", async () => {
    const page = current();
    const { items } = await get<RecordList>("/api/v1/deals?limit=1");
    const deal = items?.[0];
    await page.goto(`${demo.url}/records/${deal?.id}`);
    await page.getByRole("heading", { name: String(deal?.values.name) }).waitFor();
    // By another caller of the same person; the page itself is not touched.
    const written = await page.context().request.patch(`${demo.url}/api/v1/deals/${deal?.id}`, {
      headers: { "if-match": deal?.version ?? "" },
      data: { values: { next_step: "Said by a colleague" } },
    });
    expect(written.status()).toBe(200);
    await page.getByRole("button", { name: "Edit: Next step" }).filter({ hasText: "Said by a colleague" }).waitFor();
    expect(complaints).toEqual([]);
  });

  test("what somebody writes while one types is shown before it is replaced", async () => {
    const page = current();
    const q = encodeURIComponent("deals where stage = proposal and next_step is not empty");
    const deal = (await get<RecordList>(`/api/v1/deals?q=${q}&limit=1`)).items?.[0];
    const path = `/api/v1/deals/${deal?.id}`;
    const now = async () => (await get<RecordView>(path)).values.next_step;
    await page.goto(`${demo.url}/records/${deal?.id}`);
    await page.getByRole("button", { name: "Edit: Next step" }).click();
    const input = page.getByRole("textbox", { name: "Next step" });
    await input.fill("Mine");
    const written = await page.context().request.patch(`${demo.url}${path}`, {
      headers: { "if-match": deal?.version ?? "" },
      data: { values: { next_step: "Theirs" } },
    });
    expect(written.status()).toBe(200);
    await page
      .getByText(/→ Theirs/)
      .first()
      .waitFor(); // the history tells of it: the page knows
    await page.keyboard.press("Enter");
    await page.getByText("Meanwhile this became “Theirs”").waitFor();
    expect([await input.inputValue(), await now()]).toEqual(["Mine", "Theirs"]);
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Edit: Next step" }).filter({ hasText: "Mine" }).waitFor();
    await expect.poll(now).toBe("Mine");
    expect(complaints).toEqual([]);
  });
}
