import { describe, expect, test } from "vitest";
import type { MessageRow } from "../api/types";
import { byRole, initials, others, unread } from "./names";
import { linked, splitQuoted } from "./quoted";
import { join } from "./use_messages";

const row = (id: string, more: Partial<MessageRow> = {}): MessageRow => ({
  id,
  date: "2026-11-22T09:30:00Z",
  direction: "inbound",
  class: "person",
  from: { name: "Anna Nowak", address: "anna@a.example" },
  to: [],
  flags: [],
  attachments: 0,
  level: "full",
  links: [],
  thread: "thr_1",
  ...more,
});
const ids = (rows: readonly MessageRow[]) => rows.map((one) => one.id).join("");
const rows = (text: string) => [...text].map((id) => row(id));

describe("join", () => {
  test.each([
    ["the first page", null, "abc", undefined, "abc", "n2"],
    ["older mail goes to the end", "abc", "def", "n1", "abcdef", "n2"],
    ["new mail goes on top, the old end stays", "cde", "abc", undefined, "abcde", "n1"],
    ["a page that does not meet what was there starts anew", "xyz", "abc", undefined, "abc", "n2"],
    ["a page twice", "abcd", "cd", "n1", "abcd", "n2"],
    ["nothing", null, "", undefined, "", "n2"],
  ])("%s", (_, old, fresh, cursor, want, next) => {
    const before = old === null ? null : { items: rows(old), next: "n1" };
    const got = join(before, { items: rows(fresh), next: "n2" }, cursor);
    expect(ids(got.items)).toBe(want);
    expect(got.next).toBe(next);
  });

  test("a message that changed is shown as it is now", () => {
    const got = join({ items: [row("a")], next: undefined }, { items: [row("a", { flags: ["seen"] })] });
    expect(got.items[0]?.flags).toEqual(["seen"]);
  });
});

test.each([
  ["Hi\n> old", 3, "Hi\n", "> old"],
  ["Łódź\n> old", 8, "Łódź\n", "> old"],
  ["Hi", 0, "Hi", ""],
  ["Hi", undefined, "Hi", ""],
  ["Hi", 99, "Hi", ""],
])("splitQuoted counts bytes: %j at %s", (text, at, own, quoted) => {
  expect(splitQuoted(text, at)).toEqual({ own, quoted });
});

test("linked leaves the writer's punctuation alone", () => {
  expect(linked("See https://a.example/x?y=1. Or (http://b.example), or ftp://c")).toEqual([
    { text: "See " },
    { text: "https://a.example/x?y=1", href: "https://a.example/x?y=1" },
    { text: ". Or (" },
    { text: "http://b.example", href: "http://b.example" },
    { text: "), or ftp://c" },
  ]);
});

test("whom a row is about", () => {
  expect(others(row("a"))).toEqual({ sent: false, names: "Anna Nowak" });
  const to = ["a", "b", "c", "d"].map((name) => ({ address: `${name}@x.example` }));
  expect(others(row("a", { direction: "outbound", to }))).toEqual({
    sent: true,
    names: "a@x.example, b@x.example, c@x.example, …",
  });
  expect(others(row("a", { direction: "outbound", to: null })).names).toBe("");
});

test("unread is what came and nobody has seen", () => {
  expect(unread({ direction: "inbound", flags: null, level: "full" })).toBe(true);
  expect(unread({ direction: "inbound", flags: ["seen"], level: "full" })).toBe(false);
  expect(unread({ direction: "outbound", flags: [], level: "full" })).toBe(false);
  expect(unread({ direction: "inbound", flags: [], level: "metadata" })).toBe(false);
});

test.each([
  ["Anna Maria Nowak", "AN"],
  ["anna", "A"],
  ["piotr.kos@x.example", "PK"],
  ["", "?"],
  ["Łucja Żak", "ŁŻ"],
])("initials of %j", (name, want) => {
  expect(initials(name)).toBe(want);
});

test("people by role, in the order of a header, without repeated authors", () => {
  const groups = byRole([
    { role: "cc", address: "c@x.example" },
    { role: "from", address: "a@x.example" },
    { role: "reply_to", address: "a@x.example" },
    { role: "sender", address: "s@x.example" },
    { role: "to", address: "t@x.example" },
  ]);
  expect(groups.map((group) => group.role)).toEqual(["from", "sender", "to", "cc"]);
});
