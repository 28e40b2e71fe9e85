import { useCallback, useEffect, useState } from "react";

export interface Asked<T> {
  data: T | null;
  failure: unknown;
  again: () => void;
}

// useAsked asks the server once for what ask stands for, and anew whenever ask
// changes; give it a stable function. An answer to an older question is dropped.
export function useAsked<T>(ask: (signal: AbortSignal) => Promise<T>): Asked<T> {
  const [state, setState] = useState<{ of: unknown; data: T | null; failure: unknown }>(unasked);
  const [round, setRound] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new round asks the same again
  useEffect(() => {
    const mine = new AbortController();
    ask(mine.signal).then(
      (data) => mine.signal.aborted || setState({ of: ask, data, failure: null }),
      (failure: unknown) => mine.signal.aborted || setState({ of: ask, data: null, failure }),
    );
    return () => mine.abort();
  }, [ask, round]);
  const again = useCallback(() => setRound((n) => n + 1), []);
  const current = state.of === ask ? state : unasked;
  return { data: current.data, failure: current.failure, again };
}

const unasked = { of: null, data: null, failure: null };
