import { expect, test } from "vitest";
import type { RecordView } from "../api/api";
import { dayOf, overdue, rotten, sumsOf } from "./sums";

const deal = (values: Record<string, unknown>): RecordView => ({
  id: "dea_1",
  kind: "deal",
  created_at: "",
  version: "1",
  values,
});

test("amounts add up within a currency", () => {
  const deals = [
    { amount: 100, currency: "EUR" },
    { amount: 900, currency: "PLN" },
    { amount: 50, currency: "EUR" },
    {},
  ];
  expect(sumsOf(deals.map(deal))).toEqual([
    ["PLN", 900],
    ["EUR", 150],
  ]);
});

test("a deal is stuck after the days of its stage, or of the pipeline", () => {
  const now = new Date("2026-11-27T00:00:00Z");
  const old = deal({
    stage_history: ["2026-09-01T00:00:00Z a usr_1 sales", "2026-11-07T00:00:00Z proposal usr_1 sales"],
  });
  const stage = { key: "proposal", name: "Proposal", kind: "open", probability: 50 } as const;
  const pipeline = { key: "sales", name: "Sales", stages: [stage] };
  expect(rotten(old, stage, pipeline, now)).toBeNull();
  expect(rotten(old, stage, { ...pipeline, rot_days: 14 }, now)).toBe(20);
  expect(rotten(old, { ...stage, rot_days: 30 }, { ...pipeline, rot_days: 14 }, now)).toBeNull();
  expect(rotten(old, { ...stage, kind: "won" }, { ...pipeline, rot_days: 14 }, now)).toBeNull();
});

test("an open deal is overdue after the day on which it should have closed", () => {
  const now = new Date(2026, 10, 28, 9);
  const closing = (expected_close: string, stage_kind = "open") => overdue(deal({ expected_close, stage_kind }), now);
  expect(closing("2026-11-27")).toBe(true);
  expect(closing("2026-11-28")).toBe(false);
  expect(closing("2026-11-27", "won")).toBe(false);
  expect(overdue(deal({}), now)).toBe(false);
});

test("a closed deal shows the day on which it was closed, here, and an open one when it should be", () => {
  const at = new Date(2026, 8, 25, 0, 30).toISOString();
  const days = { expected_close: "2026-12-01", closed_at: at };
  expect(dayOf(deal({ ...days, stage_kind: "won" }))).toBe("2026-09-25");
  expect(dayOf(deal({ ...days, stage_kind: "lost" }))).toBe("2026-09-25");
  expect(dayOf(deal({ ...days, stage_kind: "open" }))).toBe("2026-12-01");
  expect(dayOf(deal({ stage_kind: "won", expected_close: "2026-12-01" }))).toBe("");
  expect(dayOf(deal({}))).toBe("");
});
