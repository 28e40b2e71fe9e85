import { describe, expect, test } from "vitest";
import type { Box, Mailbox } from "../api/types";
import { moodOf, pending, rateOf, type Sample, sample, settled, sumOf } from "./sum";

const box = (more: Partial<Box> = {}): Box => ({
  name: "INBOX",
  server: 0,
  stored: 0,
  skipped: null,
  queued: 0,
  retrying: 0,
  dead: null,
  balanced: true,
  listed: null,
  ...more,
});
const mailbox = (more: Partial<Mailbox> = {}): Mailbox => ({
  id: "m",
  address: "a@x.example",
  state: "live",
  boxes: [],
  ...more,
});

test("the sum of boxes, by reason", () => {
  const sum = sumOf([
    box({ server: 100, stored: 60, skipped: { draft: 5 }, queued: 30, retrying: 3, dead: { cannot_be_fetched: 2 } }),
    box({ server: 20, stored: 10, skipped: { draft: 1, older_than_since: 9 }, balanced: false }),
  ]);
  expect(sum).toEqual({
    server: 120,
    stored: 70,
    skipped: 15,
    queued: 30,
    retrying: 3,
    dead: 2,
    reasons: { skipped: { draft: 6, older_than_since: 9 }, dead: { cannot_be_fetched: 2 } },
    balanced: false,
  });
  expect(settled(sum) + pending(sum)).toBe(sum.server);
});

test.each([
  ["no mailbox", [], "none"],
  ["at rest", [mailbox()], "fine"],
  ["still queued", [mailbox({ boxes: [box({ queued: 1 })] })], "busy"],
  [
    "queued where nothing is opened",
    [mailbox({ boxes: [box({ queued: 1, closed: { msg: "x", since: null } })] })],
    "fine",
  ],
  ["first sync", [mailbox(), mailbox({ state: "priming" })], "busy"],
  ["password refused", [mailbox({ state: "auth_required" }), mailbox({ state: "priming" })], "trouble"],
  ["trouble told", [mailbox({ trouble: { msg: "x", since: null } })], "trouble"],
] as const)("mood: %s", (_, mailboxes, want) => {
  expect(moodOf(mailboxes)).toBe(want);
});

describe("rate", () => {
  const over = (...points: [at: number, settled: number][]) =>
    points.reduce<readonly Sample[]>((all, [at, n]) => sample(all, { at, settled: n }), []);

  test("over the window", () => {
    expect(rateOf(over([0, 0], [2000, 1000], [4000, 3000]))).toBe(750);
    expect(rateOf(over([0, 0], [2000, 9000], [30_000, 10_000], [32_000, 11_000]))).toBe(500);
  });

  test("not known yet, or no progress", () => {
    expect(rateOf([])).toBeNull();
    expect(rateOf(over([0, 5]))).toBeNull();
    expect(rateOf(over([0, 5], [500, 50]))).toBeNull();
    expect(rateOf(over([0, 5], [2000, 5]))).toBeNull();
  });

  test("a number that falls starts anew", () => {
    expect(over([0, 100], [2000, 40])).toEqual([{ at: 2000, settled: 40 }]);
  });
});
