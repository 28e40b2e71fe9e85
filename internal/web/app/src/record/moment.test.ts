import { expect, test } from "vitest";
import { localOf, momentOf } from "./moment";
import { morning, toMonday } from "./snooze";

test("a moment is written as an input wants it, and read back", () => {
  const date = new Date(2026, 10, 5, 7, 3);
  expect(localOf(date)).toBe("2026-11-05T07:03");
  expect(momentOf("2026-11-05T07:03")).toBe(date.toISOString());
  expect([localOf(new Date(Number.NaN)), momentOf("soon")]).toEqual(["", null]);
});

test("the next Monday is never today", () => {
  const days = [0, 1, 2, 3, 4, 5, 6].map((day) => toMonday(new Date(2026, 10, 22 + day))); // from a Sunday
  expect(days).toEqual([1, 7, 6, 5, 4, 3, 2]);
  expect(localOf(morning(new Date(2026, 11, 31, 23, 59), 1))).toBe("2027-01-01T09:00");
});
