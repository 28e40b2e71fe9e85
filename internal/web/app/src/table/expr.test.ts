import { expect, test } from "vitest";
import { and, type Expr, exprOf, groupOf, newTest } from "./expr";

const stage: Expr = { test: { field: "stage", op: "in", values: ["proposal", "won"] } };
const amount: Expr = { test: { field: "amount", op: ">", values: ["5000 EUR"] } };
const empty: Expr = { test: { field: "next_step", op: "is empty" } };

test.each<[string, Expr | undefined]>([
  ["nothing", undefined],
  ["one condition", stage],
  ["all of them", { and: [stage, amount] }],
  ["any of them", { or: [stage, amount] }],
  ["a group in a group", { and: [{ or: [stage, amount] }, { not: empty }] }],
  ["turned around", { not: { or: [stage, empty] } }],
  ["turned around twice", { not: { not: stage } }],
])("%s is read and written the same", (_, expr) => {
  expect(exprOf(groupOf(expr))).toEqual(expr);
});

test("what is not complete yet is left out", () => {
  const group = groupOf(stage);
  group.parts.push(newTest("amount"));
  expect(exprOf(group)).toEqual(stage);
  group.parts = [newTest("amount")];
  expect(exprOf(group)).toBeUndefined();
});

test("a condition is added to what there is", () => {
  const test = { field: "owner", op: "=", values: ["me"] };
  expect(and({ kind: "deal" }, test).where).toEqual({ test });
  expect(and({ kind: "deal", where: { and: [stage, amount] } }, test).where).toEqual({
    and: [stage, amount, { test }],
  });
  expect(and({ kind: "deal", where: { or: [stage, amount] } }, test).where).toEqual({
    and: [{ or: [stage, amount] }, { test }],
  });
});
