import { expect, test } from "vitest";
import type { FieldView, RecordView } from "../api/api";
import { widthsOf } from "./amounts";

const fields = [
  { key: "name", type: "text" },
  { key: "amount", type: "number", money: "currency" },
] as FieldView[];
const of = (amount?: number) => ({ values: { name: "x", amount, currency: "EUR" } }) as unknown as RecordView;

test("a column of amounts is as wide as the largest that was seen, and never less than before", () => {
  const none = {};
  expect(widthsOf(none, fields, [of()], "en")).toBe(none);
  const some = widthsOf(none, fields, [of(100), of(123_456_789_012)], "en"); // €1,234,567,890.12
  expect(some).toEqual({ amount: 18 });
  expect(widthsOf(some, fields, [of(100)], "en")).toBe(some);
  expect(widthsOf(some, fields, [of(-12_345_678_901_234)], "en")).toEqual({ amount: 21 });
});
