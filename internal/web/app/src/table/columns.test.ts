import { expect, test } from "vitest";
import type { FieldView } from "../api/api";
import { atFirst } from "./columns";

const fields = (...keys: string[]): FieldView[] =>
  keys.map((key) => ({ key, type: key === "currency" ? "currency_code" : "text" }) as FieldView);

test("a table begins with six columns, among them the stage", () => {
  const deals = fields("name", "amount", "currency", "company", "contacts", "close", "next_step", "stage");
  expect(atFirst(deals)).toEqual(["name", "amount", "company", "contacts", "close", "stage"]);
  expect(atFirst(fields("name", "stage", "a", "b", "c", "d", "e"))).toEqual(["name", "stage", "a", "b", "c", "d"]);
  expect(atFirst(fields("name", "a"))).toEqual(["name", "a"]);
});
