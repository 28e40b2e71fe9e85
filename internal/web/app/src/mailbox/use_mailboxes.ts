import { useEffect, useState } from "react";
import { mailboxes as load, Refused } from "../api/client";
import type { Mailbox } from "../api/types";
import { boxesOf, rateOf, type Sample, sample, settled, sumOf } from "./sum";

export interface Watched {
  mailboxes: readonly Mailbox[] | null; // null until the first answer
  rate: number | null;
  stored: number; // grows when mail arrives
  failure: unknown; // of the last poll
}

const every = 2000;

// useMailboxes asks for the state of all mailboxes every two seconds while the
// page is seen. What was known stays when an answer fails.
export function useMailboxes(onSignedOut: () => void): Watched {
  const [state, setState] = useState<Watched & { samples: readonly Sample[] }>(unknown);
  useEffect(() => {
    const mine = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const poll = async () => {
      if (!document.hidden) await once(mine.signal);
      if (!mine.signal.aborted) timer = setTimeout(poll, every);
    };
    const once = async (signal: AbortSignal) => {
      try {
        const list = (await load(signal)).items ?? [];
        if (!signal.aborted) setState((before) => watch(before.samples, list, Date.now()));
      } catch (failure) {
        if (signal.aborted) return;
        if (failure instanceof Refused && failure.problem.status === 401) onSignedOut();
        setState((before) => ({ ...before, failure }));
      }
    };
    void poll();
    return () => {
      mine.abort();
      clearTimeout(timer);
    };
  }, [onSignedOut]);
  return state;
}

const unknown = { mailboxes: null, rate: null, stored: 0, failure: null, samples: [] };

function watch(samples: readonly Sample[], mailboxes: readonly Mailbox[], at: number) {
  const sum = sumOf(boxesOf(mailboxes));
  const next = sample(samples, { at, settled: settled(sum) });
  return { mailboxes, rate: rateOf(next), stored: sum.stored, failure: null, samples: next };
}
