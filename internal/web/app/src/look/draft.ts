import { useCallback, useState } from "react";
import { forget, forgetAll, store, stored } from "./stored";

// What somebody types is kept on this machine until the server has it: a lost
// network, a reload or a closed tab loses no word. Secrets are not kept.

const prefix = "threadline:draft:";

// useDraft is a text, or a few, that outlive the page. The key says what they
// belong to; done is called when the server has them.
export function useDraft<T>(
  key: string,
  empty: T,
): [draft: T, set: (next: T) => void, done: () => void, found: boolean] {
  const [state, setState] = useState(() => ({ key, ...first(key, empty) }));
  if (state.key !== key) setState({ key, ...first(key, empty) });
  const current = state.key === key ? state : { key, ...first(key, empty) };
  const set = useCallback(
    (draft: T) => {
      keep(key, draft);
      setState({ key, draft, found: false });
    },
    [key],
  );
  const done = useCallback(() => {
    drop(key);
    setState({ key, draft: empty, found: false });
  }, [key, empty]);
  return [current.draft, set, done, current.found];
}

function first<T>(key: string, empty: T): { draft: T; found: boolean } {
  const kept = read<T>(key);
  return kept === undefined ? { draft: empty, found: false } : { draft: kept, found: true };
}

// read is what was kept under a key, if anything.
export function read<T>(key: string): T | undefined {
  try {
    return JSON.parse(stored(prefix + key) ?? "") as T;
  } catch {
    return undefined;
  }
}

export const keep = (key: string, draft: unknown) => store(prefix + key, JSON.stringify(draft));

export const drop = (key: string) => forget(prefix + key);

// dropAll forgets every draft: of who signs out, on a machine that others use.
export const dropAll = () => forgetAll(prefix);
