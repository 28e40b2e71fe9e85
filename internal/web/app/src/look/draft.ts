import { createContext, useCallback, useContext, useState } from "react";
import { forget, forgetAll, keysOf, store, stored } from "./stored";

// What somebody types is kept on this machine until the server has it: a lost
// network, a reload or a closed tab loses no word. Each workspace of each person
// has its own, so that going to another one and back loses nothing and shows
// nothing of one in the other. Secrets are not kept.

const prefix = "threadline:draft:";

// Drafts are what one person types in one workspace.
export interface Drafts {
  read: <T>(key: string) => T | undefined; // what was kept under a key, if anything
  keep: (key: string, draft: unknown) => void;
  drop: (key: string) => void;
  keys: (begin: string) => readonly string[]; // those that begin so
}

// draftsOf are those of a scope: a person in a workspace.
export function draftsOf(scope: string): Drafts {
  const own = `${prefix}${scope}:`;
  return {
    read: <T>(key: string) => {
      try {
        return JSON.parse(stored(own + key) ?? "") as T;
      } catch {
        return undefined;
      }
    },
    keep: (key, draft) => store(own + key, JSON.stringify(draft)),
    drop: (key) => forget(own + key),
    keys: (begin) => keysOf(own + begin).map((key) => key.slice(own.length)),
  };
}

export const DraftsContext = createContext<Drafts>(draftsOf(""));

export const useDrafts = () => useContext(DraftsContext);

// useDraft is a text, or a few, that outlive the page. The key says what they
// belong to; done is called when the server has them.
export function useDraft<T>(
  key: string,
  empty: T,
): [draft: T, set: (next: T) => void, done: () => void, found: boolean] {
  const drafts = useDrafts();
  const first = (): { draft: T; found: boolean } => {
    const kept = drafts.read<T>(key);
    return kept === undefined ? { draft: empty, found: false } : { draft: kept, found: true };
  };
  const [state, setState] = useState(() => ({ key, ...first() }));
  if (state.key !== key) setState({ key, ...first() });
  const current = state.key === key ? state : { key, ...first() };
  const set = useCallback(
    (draft: T) => {
      drafts.keep(key, draft);
      setState({ key, draft, found: false });
    },
    [drafts, key],
  );
  const done = useCallback(() => {
    drafts.drop(key);
    setState({ key, draft: empty, found: false });
  }, [drafts, key, empty]);
  return [current.draft, set, done, current.found];
}

// dropAll forgets every draft: of who signs out, on a machine that others use.
export const dropAll = () => forgetAll(prefix);
