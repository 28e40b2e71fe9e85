import { expect, test } from "vitest";
import { step, thisMonth, weeksOf } from "./month";

test("a month in whole weeks, from Monday or Sunday", () => {
  const weeks = weeksOf("2026-11", 1); // its first is a Sunday
  expect([weeks.length, weeks[0]?.[0], weeks[0]?.[6], weeks.at(-1)?.at(-1)]).toEqual([
    6,
    "2026-10-26",
    "2026-11-01",
    "2026-12-06",
  ]);
  expect(weeksOf("2026-11", 7)[0]?.[0]).toBe("2026-11-01");
  expect(weeksOf("2027-02", 1)).toHaveLength(4);
});

test("months on and back over the year", () => {
  expect([step("2026-12", 1), step("2026-01", -1), step("2026-03", 14)]).toEqual(["2027-01", "2025-12", "2027-05"]);
});

test("the month is that where the reader is", () => {
  expect(thisMonth(new Date(2026, 11, 1, 0, 5))).toBe("2026-12");
  expect(thisMonth(new Date(2026, 10, 30, 23, 55))).toBe("2026-11");
});
