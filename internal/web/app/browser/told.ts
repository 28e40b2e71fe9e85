import { join } from "node:path";
import { expect, test } from "vitest";
import type { ItemsAskedFor, MeView, RecordList, RecordView, TimelineList } from "../src/api.gen";
import { pictures, type World } from "./world";

// What colleagues ask of one another and read, and what a person is told.
export function toldTests({ demo, browser, page: current, listen, get, notice, complaints }: World) {
  test("a colleague asks to read a mail, is allowed to, reads it, and that is told", async () => {
    const page = current();
    const other = await browser().newContext({ viewport: { width: 1280, height: 800 }, locale: "en-GB" });
    const his = await other.newPage();
    listen(his);
    await his.goto(await demo.linkOf("tom@brightwell.example"));
    await his.getByRole("heading").first().waitFor(); // his day, or the welcome of who has no mailbox
    const mails = (await his.evaluate(async () => (await fetch("/api/v1/messages?limit=20")).json())) as TimelineList;
    const hidden = mails.items?.find(({ level }) => level === "metadata");
    await his.goto(`${demo.url}/messages/${hidden?.id}`);
    await his.getByRole("button", { name: "Ask to read it" }).click();
    await his.getByText("The owner was asked.").waitFor();

    await page.goto(`${demo.url}/notices`);
    const asked = page.getByRole("region", { name: "They ask to read your mail" });
    await asked.getByText("Tom Ashby asks to read all of it").waitFor();
    await page.screenshot({ path: join(pictures, "asked.png") });
    await asked.getByRole("button", { name: "Let them read it" }).click();
    await notice("They may read it now").waitFor();
    expect((await get<ItemsAskedFor>("/api/v1/requests")).items).toEqual([]);

    await his.goto(`${demo.url}/messages/${hidden?.id}`);
    await expect
      .poll(() => his.evaluate(async (id) => (await (await fetch(`/api/v1/messages/${id}`)).json()).level, hidden?.id))
      .toBe("full");
    await his.getByRole("article", { name: "Message" }).waitFor();
    await his.goto(`${demo.url}/notices`);
    await his.getByText("Granted", { exact: true }).waitFor();
    await page.reload();
    await page.getByRole("region", { name: "Who opened your mail" }).getByText("Tom Ashby").first().waitFor();
    await other.close();
    expect(complaints).toEqual([]);
  });

  test("somebody is in two workspaces and moves between them; a colleague joins the second one by its invitation", async () => {
    const page = current();
    const ask = <T>(at: typeof page, path: string, body: object): Promise<T> =>
      at.evaluate(
        async ([to, what]) => {
          const init = { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(what) };
          return (await fetch(to as string, init)).json();
        },
        [path, body],
      ) as Promise<T>;
    const here = (at: typeof page, name: string) => at.getByRole("link", { name, exact: true }).first().waitFor();
    const menu = (at: typeof page) => at.getByRole("button", { name: /workspaces and account$/ });
    const deal = (await get<RecordList>("/api/v1/deals?limit=1")).items?.[0];
    await page.goto(`${demo.url}/records/${deal?.id}`);
    const typed = page.getByLabel("Add a note or a task…");
    await typed.fill("Not stored yet");
    await ask(page, "/api/v1/workspaces", { name: "Second house" });
    await menu(page).click();
    await page.screenshot({ path: join(pictures, "workspaces.png") });
    await page.getByRole("button", { name: "Second house" }).click();
    await here(page, "Second house");
    const { link } = await ask<{ link: string }>(page, "/api/v1/users", {
      email: "tom@brightwell.example",
      name: "Tom",
    });

    const other = await browser().newContext({ viewport: { width: 390, height: 844 }, locale: "en-GB" });
    const his = await other.newPage();
    await his.goto(await demo.linkOf("tom@brightwell.example"));
    await menu(his).click();
    await his.getByRole("button", { name: "Join another workspace…" }).click();
    const dialog = his.getByRole("dialog");
    await dialog.getByLabel("Link of the invitation").fill("what is this");
    await dialog.getByRole("button", { name: "Sign in" }).click();
    await dialog.getByText(/no link of an invitation/).waitFor();
    await dialog.getByLabel("Link of the invitation").fill(link);
    await dialog.getByRole("button", { name: "Sign in" }).click();
    await here(his, "Second house");
    await other.close();

    await menu(page).click();
    await page.keyboard.press("Escape");
    await menu(page).click();
    await page.getByRole("button", { name: "Brightwell Filtration" }).click();
    await here(page, "Brightwell Filtration");
    await page.goto(`${demo.url}/records/${deal?.id}`);
    expect(await typed.inputValue()).toBe("Not stored yet"); // of this workspace, and kept meanwhile
    await typed.fill("");
    expect(complaints).toEqual([]);
  });

  test("a task sleeps until a time, a field holds a file, and one's own zone is kept", async () => {
    const page = current();
    const todo = encodeURIComponent("tasks where status = todo");
    const task = (await get<RecordList>(`/api/v1/tasks?q=${todo}&limit=1`)).items?.[0] as RecordView;
    const now = async () => (await get<RecordView>(`/api/v1/tasks/${task.id}`)).values;
    await page.goto(`${demo.url}/records/${task.id}`);
    await page.getByRole("button", { name: "Snooze" }).click();
    await page.getByLabel("Until", { exact: true }).fill("2027-03-01T08:30");
    await page.getByRole("button", { name: "Set", exact: true }).click();
    await notice("Saved").waitFor();
    expect(new Date(String((await now()).snoozed_until)).getMinutes()).toBe(30);
    await page.keyboard.press("Control+z");
    await notice("Undone").waitFor();
    expect((await now()).snoozed_until).toBe(undefined);

    await page.goto(`${demo.url}/settings/fields`);
    await page.getByLabel("Name of the field").fill("Drawing");
    await page.getByLabel("Kind", { exact: true }).selectOption("file");
    await page.getByRole("button", { name: "Add field" }).click();
    await page.getByText("drawing", { exact: true }).waitFor();
    const deal = (await get<RecordList>("/api/v1/deals?limit=1")).items?.[0];
    await page.goto(`${demo.url}/records/${deal?.id}`);
    await page.getByText("Empty fields").click();
    await page
      .getByLabel("Drawing", { exact: true })
      .setInputFiles({ name: "plan.txt", mimeType: "text/plain", buffer: Buffer.from("3 m x 2 m") });
    const link = page.getByRole("link", { name: "plan.txt" });
    await link.waitFor();
    const text = await page.evaluate(
      async (at) => (await fetch(at)).text(),
      (await link.getAttribute("href")) as string,
    );
    expect(text).toBe("3 m x 2 m");
    await page.getByRole("button", { name: "Remove: plan.txt" }).click();
    await expect.poll(() => link.count()).toBe(0);

    await page.goto(`${demo.url}/settings/account`);
    await page.getByRole("combobox", { name: "Time zone" }).selectOption("Asia/Tokyo");
    await notice("Saved").waitFor();
    expect((await get<MeView>("/api/v1/me")).zone).toBe("Asia/Tokyo");
    await page
      .getByRole("combobox", { name: "Time zone" })
      .selectOption({ label: "That of the workspace: Europe/Dublin" });
    await expect.poll(async () => (await get<MeView>("/api/v1/me")).zone).toBe("Europe/Dublin");
    await page.getByRole("combobox", { name: "Somebody names you" }).selectOption("digest");
    await notice("Saved").waitFor();
    expect(complaints).toEqual([]);
  });
}
