import { expect, test } from "vitest";
import type { RecordList } from "../src/api.gen";
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
}
