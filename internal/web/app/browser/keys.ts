import { expect, test } from "vitest";
import type { ItemsOutgoing, ItemsViewView, MailboxView, RecordList, RecordView } from "../src/api.gen";
import type { World } from "./world";

// The screens beside table and board, without a pointer.
export function keyTests({ demo, page: current, get, notice, complaints }: World) {
  const focused = () => current().evaluate(() => document.activeElement?.textContent ?? "");
  // tab goes on with Tab until what has the focus says so.
  const tab = async (to: string, key = "Tab") => {
    for (let n = 0; n < 40; n++) {
      await current().keyboard.press(key);
      if ((await focused()).startsWith(to)) return;
    }
    throw new Error(`no way to ${to} by ${key}`);
  };

  const todo = async (): Promise<RecordView> => {
    const q = encodeURIComponent("tasks where status = todo");
    return (await get<RecordList>(`/api/v1/tasks?q=${q}&limit=1`)).items?.[0] as RecordView;
  };

  test("menus are opened, walked and left by keys: workspaces, a snooze, a view that is kept", async () => {
    const page = current();
    const keys = page.keyboard;
    const task = await todo();
    await page.goto(`${demo.url}/records/${task.id}`);
    const person = page.getByRole("button", { name: /workspaces and account$/ });
    await person.focus();
    await keys.press("Enter");
    await page.getByRole("button", { name: "Brightwell Filtration" }).waitFor();
    await tab("Brightwell Filtration");
    await keys.press("Escape");
    expect(await person.evaluate((button) => button === document.activeElement)).toBe(true);

    await page.getByRole("button", { name: "Snooze" }).focus();
    await keys.press("Enter");
    await tab("In a week");
    await keys.press("Enter");
    await notice("Saved").waitFor();
    await keys.press("Control+z");
    await notice("Undone").waitFor();

    await page.goto(`${demo.url}/deals?q=${encodeURIComponent("deals where stage = won")}`);
    await page.locator('[data-cell="0:0"]').waitFor();
    await page.getByRole("button", { name: "Views" }).focus();
    await keys.press("Enter");
    await page.getByLabel("Name of the view").waitFor();
    for (let n = 0; n < 20; n++) {
      await keys.press("Tab");
      if (await page.getByLabel("Name of the view").evaluate((box) => box === document.activeElement)) break;
    }
    await keys.type("Kept by keys");
    await keys.press("Enter");
    await page.waitForURL(/view=/);
    const views = (await get<ItemsViewView>("/api/v1/views?kind=deal")).items ?? [];
    expect(views.some(({ name }) => name === "Kept by keys")).toBe(true);
    await notice("Saved").waitFor();
    await page.getByRole("heading", { name: "Deals" }).click();
    await keys.press("Control+z");
    await notice("Undone").waitFor();
    expect(complaints).toEqual([]);
  });

  test("a draft is found, opened, closed and thrown away by keys", async () => {
    const page = current();
    const keys = page.keyboard;
    const drafts = async () => (await get<ItemsOutgoing>("/api/v1/drafts")).items ?? [];
    const mailbox = (await get<{ items: MailboxView[] }>("/api/v1/mailboxes")).items[0]?.id;
    for (const subject of ["The older one", "The newer one"]) {
      await page.evaluate(
        async (body) => {
          const headers = { "content-type": "application/json" };
          await fetch("/api/v1/drafts", { method: "POST", headers, body: JSON.stringify(body) });
        },
        { mailbox, subject, to: ["ada@else.example"], text: "Hello." },
      );
    }
    await page.goto(`${demo.url}/inbox?list=drafts`);
    await page.getByRole("link", { name: /The older one/ }).waitFor();
    await keys.press("j");
    await keys.press("j");
    await keys.press("Enter");
    const letter = page.getByRole("region", { name: "New mail" });
    await letter.waitFor();
    expect(await letter.getByLabel("Subject").inputValue()).toBe("The older one");
    await letter.getByRole("textbox", { name: "Text" }).focus();
    await keys.press("Escape");
    await expect.poll(() => letter.count()).toBe(0);
    await page.goto(`${demo.url}/inbox/drafts/${(await drafts())[0]?.id}`);
    await letter.getByRole("textbox", { name: "Text" }).focus();
    for (const label of ["Delete draft", "Really delete?"]) {
      const button = letter.getByRole("button", { name: label });
      await button.focus();
      await keys.press("Enter");
    }
    await expect.poll(async () => (await drafts()).map(({ subject }) => subject)).toEqual(["The older one"]);
    expect(complaints).toEqual([]);
  });
}
