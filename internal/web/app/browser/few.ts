import { join } from "node:path";
import { expect, test } from "vitest";
import type { ItemsMembership } from "../src/api.gen";
import { pictures, type World } from "./world";

// Somebody whose role lets them do little: what they may not do is not offered.
export function fewTests({ demo, browser, page: current, get, complaints, listen }: World) {
  test("who has few rights is offered what they may do, and sees no hidden field", async () => {
    const page = current();
    await page.goto(demo.url);
    const put = async (path: string, data: object) => {
      const answer = await page.context().request.put(`${demo.url}/api/v1/${path}`, { data });
      expect([path, answer.status()]).toEqual([path, 200]);
    };
    const tom = (await get<ItemsMembership>("/api/v1/memberships")).items?.find(({ role }) => role === "member");
    await put("roles/few", {
      name: "Few",
      others: { read: "all" },
      folders: { note: { create: "all", read: "all" } },
      rights: [],
      fields: [{ kind: "contact", field: "phones", effect: "hidden" }],
    });
    await put(`memberships/${tom?.user}`, { role: "few" });
    const context = await browser().newContext({ viewport: { width: 1280, height: 800 }, locale: "en-GB" });
    const his = await context.newPage();
    listen(his);
    await his.goto(await demo.linkOf("tom@brightwell.example"));
    const menu = his.getByRole("navigation", { name: "Screens" });
    await menu.getByRole("link", { name: "Contacts" }).click();
    await his.getByRole("columnheader", { name: "Email" }).waitFor();
    expect(await his.getByRole("columnheader", { name: "Phone" }).count()).toBe(0);
    expect(await his.getByRole("button", { name: "New", exact: true }).count()).toBe(0);
    for (const place of ["Imports", "Duplicates", "Campaigns", "Sequences"])
      expect(await menu.getByText(place).count()).toBe(0);
    await his.goto(`${demo.url}/notes`);
    await his.getByRole("button", { name: "New", exact: true }).waitFor();
    await his.keyboard.press("Control+k");
    await his.getByRole("combobox").fill("new");
    await his.getByRole("option").filter({ hasText: "Notes" }).first().waitFor();
    expect(await his.getByRole("option").filter({ hasText: "Deals" }).count()).toBe(0);
    await his.goto(`${demo.url}/settings/people`);
    await his.getByText("nora@brightwell.example").first().waitFor();
    for (const name of ["Invite", "Remove"]) expect(await his.getByRole("button", { name }).count()).toBe(0);
    expect(await his.getByRole("link", { name: "Roles and teams" }).count()).toBe(0);
    await his.goto(`${demo.url}/settings/keys`);
    await his.getByRole("checkbox", { name: "Read records" }).waitFor();
    expect(await his.getByRole("checkbox", { name: "Everything else" }).count()).toBe(0);
    await put(`memberships/${tom?.user}`, { role: "billing" });
    await his.goto(`${demo.url}/settings/account`);
    const settings = his.getByRole("navigation", { name: "Settings" });
    await settings.getByRole("link", { name: "My account" }).waitFor();
    expect(await settings.getByRole("link", { name: "API keys" }).count()).toBe(0);
    await put(`memberships/${tom?.user}`, { role: "few" });
    await his.goto(`${demo.url}/settings/people`);
    await his.getByText("nora@brightwell.example").first().waitFor();
    await his.screenshot({ path: join(pictures, "few-rights.png") });
    await context.close();
    await put(`memberships/${tom?.user}`, { role: "member" });
    await page.context().request.delete(`${demo.url}/api/v1/roles/few`);
    expect(complaints).toEqual([]);
  });
}
