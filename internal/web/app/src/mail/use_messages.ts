import { useCallback, useEffect, useRef, useState } from "react";
import { messages } from "../api/client";
import type { MessageRow, Page } from "../api/types";

export interface Listed {
  items: readonly MessageRow[] | null; // null until the first answer
  next: string | undefined;
  busy: boolean;
  failure: unknown;
  more: () => void;
  again: () => void;
}

interface State {
  of: string;
  items: readonly MessageRow[] | null;
  next: string | undefined;
}

interface Which {
  record?: string | undefined;
  list?: string | undefined; // of threads that wait
}

// useMessages lists the mail of a record, that of a list, or all mail. Whenever
// pulse changes it asks for the first page again and puts new mail on top.
export function useMessages({ record, list }: Which, pulse: number): Listed {
  const of = `${record ?? ""}/${list ?? ""}`;
  const [state, setState] = useState<State>({ of, items: null, next: undefined });
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const running = useRef<AbortController | null>(null);
  const loadingMore = useRef(false);

  const ask = useCallback(
    async (cursor?: string) => {
      running.current?.abort();
      const mine = new AbortController();
      running.current = mine;
      loadingMore.current = cursor !== undefined;
      setBusy(loadingMore.current);
      try {
        const page = await filled({ record, list }, cursor, mine.signal);
        if (mine.signal.aborted) return;
        // A list that waits is not ordered by what is new: its first page stands alone.
        setState((before) => ({ of, ...join(before.of === of && !(list && !cursor) ? before : null, page, cursor) }));
        setFailure(null);
      } catch (cause) {
        if (!mine.signal.aborted) setFailure(cause);
      }
      if (mine.signal.aborted) return;
      loadingMore.current = false;
      setBusy(false);
    },
    [record, list, of],
  );

  useEffect(() => {
    void ask();
  }, [ask]);
  // New mail may wait for a moment when the reader asked for older mail.
  useEffect(() => {
    if (pulse > 0 && !loadingMore.current) void ask();
  }, [ask, pulse]);
  useEffect(() => () => running.current?.abort(), []);

  const current = state.of === of ? state : { items: null, next: undefined };
  const { next } = current;
  const more = useCallback(() => void ask(next), [ask, next]);
  const again = useCallback(() => void ask(), [ask]);
  return { ...current, busy, failure, more, again };
}

const emptyPages = 5;

// filled asks for a page that has something on it: one of a filter may be empty
// and still have a next one. It gives up after a few, so that the reader decides.
async function filled(which: Which, cursor: string | undefined, signal: AbortSignal) {
  let page = await messages({ ...which, cursor, signal });
  for (let n = 0; n < emptyPages && !page.items?.length && page.next; n++) {
    page = await messages({ ...which, cursor: page.next, signal });
  }
  return page;
}

// join puts a page and what was listed before together. A newest page that does
// not reach what was listed leaves a gap, so the list starts anew with it.
export function join(before: Pick<State, "items" | "next"> | null, page: Page<MessageRow>, cursor?: string) {
  const fresh = page.items ?? [];
  const old = before?.items ?? [];
  const has = new Set(fresh.map((item) => item.id));
  const rest = old.filter((item) => !has.has(item.id));
  if (cursor !== undefined) return { items: [...rest, ...fresh], next: page.next };
  const meets = rest.length < old.length;
  return meets ? { items: [...fresh, ...rest], next: before?.next } : { items: fresh, next: page.next };
}
