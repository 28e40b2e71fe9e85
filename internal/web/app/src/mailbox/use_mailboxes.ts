import { useEffect, useState } from "react";
import { mailboxes as load, Refused } from "../api/client";
import type { Mailbox } from "../api/types";
import { boxesOf, rateOf, type Sample, sample, settled, sumOf } from "./sum";

export interface Watched {
  mailboxes: readonly Mailbox[] | null; // null until the first answer
  rate: number | null;
  pulse: number; // grows when what is stored has changed
  failure: unknown; // of the last poll
}

const every = 2000;

// useMailboxes asks for the state of all mailboxes every two seconds while the
// page is seen. What was known stays when an answer fails.
export function useMailboxes(onSignedOut: () => void): Watched {
  const [state, setState] = useState<State>(unknown);
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
        if (!signal.aborted) setState((before) => watch(before, list, Date.now()));
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

interface State extends Watched {
  stored: number;
  samples: readonly Sample[];
}

const unknown: State = { mailboxes: null, rate: null, pulse: 0, failure: null, stored: 0, samples: [] };

function watch(before: State, mailboxes: readonly Mailbox[], at: number): State {
  const sum = sumOf(boxesOf(mailboxes));
  const changed = before.mailboxes !== null && sum.stored !== before.stored;
  const next = sample(before.samples, { at, settled: settled(sum) });
  const pulse = before.pulse + (changed ? 1 : 0);
  return { mailboxes, rate: rateOf(next), pulse, failure: null, stored: sum.stored, samples: next };
}
