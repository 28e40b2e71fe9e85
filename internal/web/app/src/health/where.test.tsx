import { MantineProvider } from "@mantine/core";
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { TongueContext, tongueFor } from "../words/words";
import { Where } from "./where";

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

async function asked(language: string, label: RegExp, answer: object) {
  vi.stubGlobal("fetch", async () => new Response(JSON.stringify(answer)));
  render(
    <MantineProvider>
      <TongueContext.Provider value={tongueFor([language])}>
        <Where mailbox={{ id: "m", address: "a@x.example", state: "live", boxes: [] }} />
      </TongueContext.Provider>
    </MantineProvider>,
  );
  fireEvent.change(screen.getByLabelText(label), { target: { value: "x" } });
  fireEvent.submit(screen.getByRole("form"));
  await screen.findByText(/no such mail|n’a pas ce message|non ha questo|nie ma takiej/);
  return screen.getByRole("status").textContent;
}

const closed = ["Shared", "Team"];
const byID = { state: "never_seen", closed };
const traced = { items: [], more: false, closed };

test.each([
  ["en", /^Message-ID/, byID, /Not looked through.*: Shared, Team/],
  ["en", /its subject/, traced, /Not looked through.*: Shared, Team/],
  ["fr", /son objet/, traced, /Non parcourus.* : Shared, Team/],
  ["it", /^Message-ID/, byID, /Non esaminate.*: Shared, Team/],
  ["pl", /z tematu/, traced, /Nieprzeszukane.*: Shared, Team/],
])("%s: folders that were not looked through are named (%s)", async (language, label, answer, want) => {
  expect(await asked(language, label, answer)).toMatch(want);
});

test("when all were looked through, nothing is said of it", async () => {
  expect(await asked("en", /its subject/, { items: [], more: false })).not.toMatch(/looked through/);
});
