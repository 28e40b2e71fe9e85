import { expect, test } from "vitest";
import type { FieldView, RecordView } from "../api/api";
import { draftOf, money, readable, written } from "./value";

const field = (key: string, type: string, more: Partial<FieldView> = {}): FieldView => ({
  key,
  type,
  widget: "",
  ...more,
});
const record = (values: Record<string, unknown>): RecordView => ({
  id: "dea_1",
  kind: "deal",
  created_at: "",
  version: "1",
  values,
});

test("money has the decimals of its currency", () => {
  expect(money(123450, "EUR", "en-GB")).toBe("€1,234.50");
  expect(money(120000, "EUR", "en-GB")).toBe("€1,200");
  expect(money(1500, "JPY", "en-GB")).toBe("JP¥1,500");
});

test("an amount is read, edited and written back as minor units", () => {
  const amount = field("amount", "number", { money: "currency" });
  const deal = record({ amount: 123450, currency: "EUR" });
  expect(readable(amount, deal, "en-GB", {})).toBe("€1,234.50");
  expect(draftOf(amount, deal)).toBe("1234.5");
  expect(written(amount, "1 234,50", deal)).toBe(123450);
  expect(written(amount, "1,234.50", deal)).toBe(123450);
  expect(written(amount, "", deal)).toBeNull();
});

test("lists, dates, people and ticks", () => {
  const emails = field("emails", "email", { many: true });
  expect(written(emails, "a@b.example, c@d.example;", record({}))).toEqual(["a@b.example", "c@d.example"]);
  expect(readable(field("close", "date"), record({ close: "2026-11-09" }), "en-GB", {})).toBe("9 Nov 2026");
  expect(readable(field("owner", "user"), record({ owner: "usr_1" }), "en", { usr_1: "Nora" })).toBe("Nora");
  expect(written(field("done", "checkbox"), "true", record({}))).toBe(true);
});
