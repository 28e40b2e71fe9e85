import type { CrmPipeline, CrmStage, RecordView } from "../api/api";
import { dayHere } from "../calendar/month";

// sumsOf adds the amounts of records, each currency by itself, the largest first.
export function sumsOf(records: readonly RecordView[]): [currency: string, minor: number][] {
  const sums = new Map<string, number>();
  for (const { values } of records) {
    if (typeof values.amount !== "number") continue;
    const currency = String(values.currency ?? "");
    sums.set(currency, (sums.get(currency) ?? 0) + values.amount);
  }
  return [...sums].sort((a, b) => b[1] - a[1]);
}

const dayMs = 86_400_000;

// restedDays is how many days a record has been in its stage, by its history:
// each line begins with the time of a move.
export function restedDays(record: RecordView, now: Date): number | null {
  const history = record.values.stage_history;
  const last = Array.isArray(history) ? String(history.at(-1) ?? "") : "";
  const since = Date.parse(last.split(" ")[0] ?? "");
  return Number.isNaN(since) ? null : Math.floor((now.getTime() - since) / dayMs);
}

// rotten is for how many days a record has been in an open stage, if that is
// longer than the stage or the pipeline allows.
export function rotten(record: RecordView, stage: CrmStage, pipeline: CrmPipeline, now: Date): number | null {
  const limit = stage.rot_days || pipeline.rot_days || 0;
  const days = restedDays(record, now);
  return stage.kind === "open" && limit > 0 && days !== null && days > limit ? days : null;
}

const isClosed = ({ values: { stage_kind: kind } }: RecordView) => kind === "won" || kind === "lost";

// dayOf is the day on which a closed record was closed, here, and on which an open
// one should be; empty for none.
export function dayOf(record: RecordView): string {
  const { expected_close: expected, closed_at: closed } = record.values;
  if (!isClosed(record)) return String(expected ?? "");
  const at = new Date(String(closed ?? ""));
  return Number.isNaN(at.getTime()) ? "" : dayHere(at);
}

// overdue tells whether an open record should have been closed on an earlier day.
export function overdue(record: RecordView, now: Date): boolean {
  const { expected_close: close } = record.values;
  return typeof close === "string" && !isClosed(record) && close.slice(0, 10) < dayHere(now);
}
