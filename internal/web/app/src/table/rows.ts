import { useQueries, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useState } from "react";
import type { RecordList, RecordView } from "../api/api";
import { call } from "../api/client";
import { withQuery } from "../api/query";

// Rows is a list that may be very long: only the pages that are seen are asked
// for, kept fresh and drawn anew. The others wait in the cache.
export interface Rows {
  count: number; // known so far
  more: boolean; // there are others behind them
  at: (row: number) => RecordView | undefined;
  names: Readonly<Record<string, string>>; // of records that the rows point to
  see: (first: number, last: number) => void;
  ready: boolean;
  error: unknown;
  again: () => void;
}

interface PageAt {
  cursor: string;
  length: number; // 0 until it has come
}

const size = 200;
const ahead = 120; // rows before the end at which the next page is asked for
const keepFor = 30 * 60_000;

export function useRows(path: string): Rows {
  const client = useQueryClient();
  const [pages, setPages] = useState<readonly PageAt[]>([{ cursor: "", length: 0 }]);
  const [[from, to], setView] = useState<readonly [number, number]>([0, 0]);
  const full = useMemo(() => withQuery(path, { names: "true" }), [path]);
  const shown = pages.slice(from, to + 1);
  const asked = useQueries({
    queries: shown.map(({ cursor }) => ({
      queryKey: [full, size, cursor],
      queryFn: ({ signal }: { signal: AbortSignal }) =>
        call<RecordList>(withQuery(full, { limit: size, cursor }), { signal }),
      gcTime: keepFor,
    })),
  });
  // What has come tells how long its page is, and where the next one begins.
  useEffect(() => {
    setPages((before) => {
      const after = [...before];
      let changed = false;
      asked.forEach(({ data }, i) => {
        const page = after[from + i];
        if (!data || !page) return;
        const length = data.items?.length ?? 0;
        if (page.length !== length) {
          after[from + i] = { ...page, length };
          changed = true;
        }
        if (from + i === after.length - 1 && data.next) {
          after.push({ cursor: data.next, length: 0 });
          changed = true;
        }
      });
      return changed ? after : before;
    });
  }, [asked, from]);

  const starts = useMemo(() => {
    const out: number[] = [];
    let sum = 0;
    for (const { length } of pages) {
      out.push(sum);
      sum += length;
    }
    return out;
  }, [pages]);
  const last = pages.at(-1);
  const count = (starts.at(-1) ?? 0) + (last?.length ?? 0);
  const pageOf = useCallback(
    (row: number) => {
      let low = 0;
      let high = starts.length - 1;
      while (low < high) {
        const middle = Math.ceil((low + high) / 2);
        if ((starts[middle] ?? 0) <= row) low = middle;
        else high = middle - 1;
      }
      return low;
    },
    [starts],
  );
  const of = (page: number): RecordList | undefined =>
    asked[page - from]?.data ?? client.getQueryData([full, size, pages[page]?.cursor]);
  const at = (row: number) => {
    const page = pageOf(row);
    return of(page)?.items?.[row - (starts[page] ?? 0)];
  };
  const see = useCallback(
    (first: number, lastRow: number) => {
      const end = Math.min(pages.length - 1, pageOf(lastRow + ahead));
      const next = [pageOf(first), lastRow + ahead >= count ? pages.length - 1 : end] as const;
      setView((before) => (before[0] === next[0] && before[1] === next[1] ? before : next));
    },
    [pages, pageOf, count],
  );
  const names = useMemo(() => Object.assign({}, ...asked.map(({ data }) => data?.names)), [asked]);
  const failed = asked.find(({ error }) => error);
  return {
    count,
    more: last !== undefined && last.length === 0 && count > 0,
    at,
    names,
    see,
    ready: pages[0]?.length !== 0 || asked[0]?.data !== undefined,
    error: failed?.error ?? null,
    again: () => void failed?.refetch(),
  };
}
