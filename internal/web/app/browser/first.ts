import { join } from "node:path";
import { expect, test } from "vitest";
import { Empty } from "./demo";
import { pictures, type World } from "./world";

// The first minutes of a new team, with a mailbox on a real server.
export function firstTests({ demo, browser, listen, complaints }: World) {
  test("a new team signs in, connects a mailbox, and sees a timeline that explains itself", async () => {
    const empty = new Empty();
    await empty.start(demo.binary);
    const page = await browser().newPage({ viewport: { width: 1280, height: 800 }, locale: "en-GB" });
    listen(page);
    try {
      await page.goto(await empty.link(demo.binary, "nora@brightwell.example"));
      await page.getByRole("heading", { name: "Welcome to Kos" }).waitFor();
      await page.getByLabel("Email address").fill("nora@brightwell.example");
      const password = page.getByRole("textbox", { name: "Password" });
      await password.fill("wrong");
      const connect = page.getByRole("button", { name: "Connect", exact: true });
      await connect.click();
      await page.getByText(/Tried in vain: imap.brightwell.example:993, mail.brightwell.example:993/).waitFor();
      await page.getByLabel("IMAP server and port").fill(`127.0.0.1:${demo.mailbox.port}`);
      await page.getByLabel("Protection", { exact: true }).selectOption("none");
      await page.getByLabel("Name to sign in with").fill(demo.mailbox.login);
      await page.getByLabel("Server to send through").fill("");
      await connect.click();
      await page.getByText(/app password instead of the usual one/).waitFor();
      await page.reload();
      expect(await page.getByLabel("Email address").inputValue()).toBe("nora@brightwell.example");
      expect(await password.inputValue()).toBe(""); // a secret is not kept
      await password.fill(demo.mailbox.password);
      await connect.click();
      await page.getByText("Every mail is accounted for.").waitFor();
      await page.getByText(/mail among people at brightwell.example is internal/).waitFor();
      // Mail that comes meanwhile may name further people.
      const make = page.getByRole("button", { name: /^Make (a contact|\d+ contacts)/ });
      await make.click();
      const everybody = page.getByText("Everybody to whom you wrote is a contact.");
      await expect
        .poll(
          async () => {
            if (await make.isEnabled({ timeout: 100 }).catch(() => false))
              await make.click({ timeout: 500 }).catch(() => {});
            return everybody.count();
          },
          { interval: 300 },
        )
        .toBe(1);
      await page.getByRole("link", { name: "Why is this here?" }).first().waitFor();
      await page.screenshot({ path: join(pictures, "start.png"), fullPage: true });
      await page.goto(`${empty.url}/settings/roles`);
      await page.getByRole("heading", { name: "Who has which role" }).waitFor(); // the first one is the admin
      expect(complaints).toEqual([]);
    } finally {
      await page.context().close();
      await empty.stop();
    }
  });
}
