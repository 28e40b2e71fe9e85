import { cleanup, render, screen, within } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import type { Box, Mailbox } from "../api/types";
import { TongueContext, tongueFor } from "../words/words";
import { MailboxCard } from "./mailbox";

afterEach(cleanup);

const box = (name: string, more: Partial<Box> = {}): Box => ({
  name,
  server: 2,
  stored: 2,
  queued: 0,
  retrying: 0,
  balanced: true,
  listed: null,
  ...more,
});

function show(language: string, boxes: Box[]) {
  const mailbox: Mailbox = { id: "m", address: "a@x.example", state: "live", boxes };
  render(
    <TongueContext.Provider value={tongueFor([language])}>
      <MailboxCard mailbox={mailbox} />
    </TongueContext.Provider>,
  );
  return screen.getByRole("group", { hidden: true });
}

const closed = { msg: 'The mail server does not open the folder "Shared".', since: "2026-11-28T10:00:00Z" };

test.each([
  ["en", /does not open this folder/, /not all are open/],
  ["fr", /n’ouvre pas ce dossier/, /pas tous ouverts/],
  ["it", /non apre questa cartella/, /non tutte aperte/],
  ["pl", /nie otwiera tego folderu/, /nie wszystkie otwarte/],
])("%s: a folder that the server does not open says so, the others do not", (language, text, gist) => {
  const folders = show(language, [box("INBOX"), box("Shared", { stored: 0, queued: 2, closed })]);
  expect(within(folders).getByText(gist).tagName).toBe("SUMMARY");
  const said = within(folders).getAllByText(text);
  expect(said).toHaveLength(1);
  expect(said[0]?.closest("tr")?.textContent).toContain("Shared");
  expect(said[0]?.textContent).toContain(tongueFor([language]).words.since("").trim());
});

test("folders that are all open", () => {
  const folders = show("en", [box("INBOX"), box("Shared")]);
  expect(folders.textContent).not.toMatch(/open/);
});

test("a closed folder is not accounted for, and what it holds is not told", () => {
  const folders = show("en", [box("INBOX"), box("Shared", { stored: 0, server: 0, closed })]);
  const cells = within(folders).getByText("Shared", { exact: false }).closest("tr")?.querySelectorAll("td");
  expect(cells?.[2]?.textContent).toBe("–");
  expect(screen.getByText(/but that of folders which are closed/)).toBeTruthy();
  expect(screen.queryByText("Every mail is accounted for.")).toBeNull();
});
