import { useEffect, useState } from "react";
import type { FieldView, RecordView } from "../api/api";
import { money } from "../record/value";

export type Widths = Readonly<Record<string, number>>;

const step = 3; // letters: a column does not move with every row that comes

// widthsOf is how many letters the amounts of fields take, those before included:
// no digit of an amount may be cut off. It is the same value when none grew.
export function widthsOf(before: Widths, fields: readonly FieldView[], records: readonly RecordView[], tag: string) {
  let after = before;
  for (const { key, money: unit } of fields) {
    if (unit === undefined) continue;
    for (const { values } of records) {
      if (typeof values[key] !== "number") continue;
      const letters = money(values[key], String(values[unit] ?? ""), tag).length;
      const wanted = Math.ceil(letters / step) * step;
      if (wanted > (after[key] ?? 0)) after = { ...after, [key]: wanted };
    }
  }
  return after;
}

// useAmounts keeps them for the rows that were seen.
export function useAmounts(fields: readonly FieldView[], records: readonly RecordView[], tag: string): Widths {
  const [widths, setWidths] = useState<Widths>({});
  useEffect(() => setWidths((before) => widthsOf(before, fields, records, tag)));
  return widths;
}
