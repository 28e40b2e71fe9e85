import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { App } from "./app";
import { agoWhen, bytes, lasting, shortWhen } from "./look/when";
import { hrefOf } from "./route";
import { takeToken } from "./session/token";
import { nameOf, tongueFor } from "./words/words";

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
  history.replaceState(null, "", "/");
});

const answer = (status: number, body: unknown) => async () => new Response(JSON.stringify(body), { status });

test("whoever is not signed in learns how to", async () => {
  vi.stubGlobal("fetch", answer(401, { detail: "Nobody is signed in." }));
  render(<App token={null} />);
  await screen.findByRole("heading", { name: "You are not signed in" });
  expect(screen.getByText(/threadline user add/)).toBeTruthy();
});

test("a server that does not answer is told as such, with a way to try again", async () => {
  vi.stubGlobal("fetch", async () => {
    throw new TypeError("network");
  });
  render(<App token={null} />);
  await screen.findByText("The server does not answer.");
  expect(screen.getByRole("button", { name: "Try again" })).toBeTruthy();
});

test("the token of a link leaves the address at once", () => {
  history.replaceState(null, "", "/sign-in#one-time");
  expect(takeToken()).toBe("one-time");
  expect(location.href).not.toContain("one-time");
  expect(takeToken()).toBeNull();
  history.replaceState(null, "", "/#elsewhere");
  expect(takeToken()).toBeNull();
});

test.each([
  [{}, "/inbox"],
  [{ list: "ours" }, "/inbox?list=ours"],
  [{ message: "msg_1" }, "/messages/msg_1"],
  [{ message: "a/b c", record: "com_1" }, "/messages/a%2Fb%20c?record=com_1"],
])("the address of %j", (place, want) => {
  expect(hrefOf(place)).toBe(want);
});

test.each([
  [["pl"], "pl", "Poczta"],
  [["fr", "fr-CH", "en-GB"], "fr-CH", "Messages"],
  [["en", "pl-PL", "en-GB"], "en-GB", "Mail"],
  [["it_IT"], "it-IT", "Posta"],
  [["de-DE", "it"], "it", "Posta"],
  [["en", "pl-PL"], "en-GB", "Mail"],
  [["en", "en-US"], "en-US", "Mail"],
  [["", "xx"], "en-GB", "Mail"],
])("the tongue of %j", (wanted, tag, mail) => {
  const tongue = tongueFor(wanted);
  expect([tongue.tag, tongue.words.mail]).toEqual([tag, mail]);
});

test("every catalogue names the same stored values", () => {
  const english = tongueFor(["en"]).words;
  for (const tag of ["fr", "it", "pl"]) {
    const { words } = tongueFor([tag]);
    for (const key of ["roles", "classes", "directions", "kinds", "marks", "nots", "states", "reasons"] as const) {
      expect(Object.keys(words[key]).sort(), `${tag} ${key}`).toEqual(Object.keys(english[key]).sort());
    }
    for (const key of Object.keys(english.desk) as (keyof typeof english.desk)[]) {
      if (typeof english.desk[key] !== "object") continue;
      expect(Object.keys(words.desk[key]).sort(), `${tag} ${key}`).toEqual(Object.keys(english.desk[key]).sort());
    }
  }
  expect(nameOf(english.marks, "newer_than_this_app")).toBe("newer than this app");
});

test("Polish counts", () => {
  const { words } = tongueFor(["pl"]);
  expect([1, 2, 5, 22].map((n) => words.attachments(n))).toEqual([
    "1 załącznik",
    "2 załączniki",
    "5 załączników",
    "22 załączniki",
  ]);
});

test("times and amounts", () => {
  const now = new Date(2026, 10, 22, 12, 0);
  expect(shortWhen(new Date(2026, 10, 22, 9, 5).toISOString(), "en-GB", now)).toBe("09:05");
  expect(shortWhen(new Date(2026, 10, 2).toISOString(), "en-GB", now)).toBe("2 Nov");
  expect(shortWhen(new Date(2025, 10, 2).toISOString(), "en-GB", now)).toBe("2 Nov 2025");
  expect(shortWhen(null, "en", now)).toBe("");
  expect(shortWhen("not a time", "en", now)).toBe("");
  expect(agoWhen(new Date(now.getTime() - 120_000).toISOString(), "en", now)).toBe("2 min. ago");
  expect([5, 200, 7260].map((s) => lasting(s, "en"))).toEqual(["5 sec", "4 min", "2 hr 1 min"]);
  expect([0, 900, 38_900, 4_821_130].map((n) => bytes(n, "en"))).toEqual(["0 bytes", "900 bytes", "39 kB", "4.8 MB"]);
});
