import type { Box, Mailbox } from "../api/types";

// The equation of promise 2 in numbers: what is on the server is stored,
// skipped, queued, to be retried, or given up.
export interface Sum {
  server: number;
  stored: number;
  skipped: number;
  queued: number;
  retrying: number;
  dead: number;
  reasons: { skipped: Record<string, number>; dead: Record<string, number> };
  balanced: boolean;
}

// sumOf adds up boxes.
export function sumOf(boxes: readonly Box[]): Sum {
  const sum: Sum = {
    server: 0,
    stored: 0,
    skipped: 0,
    queued: 0,
    retrying: 0,
    dead: 0,
    reasons: { skipped: {}, dead: {} },
    balanced: true,
  };
  for (const box of boxes) {
    sum.server += box.server;
    sum.stored += box.stored;
    sum.queued += box.queued;
    sum.retrying += box.retrying;
    sum.skipped += collect(sum.reasons.skipped, box.skipped);
    sum.dead += collect(sum.reasons.dead, box.dead);
    sum.balanced &&= box.balanced;
  }
  return sum;
}

function collect(into: Record<string, number>, from: Record<string, number> | null | undefined): number {
  let total = 0;
  for (const [reason, n] of Object.entries(from ?? {})) {
    into[reason] = (into[reason] ?? 0) + n;
    total += n;
  }
  return total;
}

// openOf are the boxes that their servers open: for the others nobody waits.
export const openOf = (mailboxes: readonly Mailbox[]) => boxesOf(mailboxes).filter((box) => !box.closed);

export const boxesOf = (mailboxes: readonly Mailbox[]) => mailboxes.flatMap((mailbox) => mailbox.boxes ?? []);

// settled is what needs no more work.
export const settled = (sum: Sum) => sum.stored + sum.skipped + sum.dead;

// pending is what is still to be fetched.
export const pending = (sum: Sum) => sum.queued + sum.retrying;

const atRest = new Set(["live", "paused"]);
const inTrouble = new Set(["auth_required", "failed"]);

export type Mood = "none" | "trouble" | "busy" | "fine";

// moodOf is the one word for all mailboxes: trouble before work before rest.
export function moodOf(mailboxes: readonly Mailbox[]): Mood {
  if (mailboxes.length === 0) return "none";
  if (mailboxes.some((mailbox) => mailbox.trouble || inTrouble.has(mailbox.state))) return "trouble";
  const waits = pending(sumOf(openOf(mailboxes))) > 0;
  return waits || mailboxes.some((mailbox) => !atRest.has(mailbox.state)) ? "busy" : "fine";
}

export interface Sample {
  at: number; // milliseconds
  settled: number;
}

const windowMs = 20_000;

// sample adds a measurement and forgets those that are older than the window. A
// number that falls (a mailbox was removed, a folder is listed anew) starts anew.
export function sample(samples: readonly Sample[], next: Sample): readonly Sample[] {
  const last = samples.at(-1);
  if (last && next.settled < last.settled) return [next];
  return [...samples.filter((one) => next.at - one.at <= windowMs), next];
}

// rateOf is how many mails are settled in a second, over the window; null until
// it can be told.
export function rateOf(samples: readonly Sample[]): number | null {
  const first = samples[0];
  const last = samples.at(-1);
  if (!first || !last || last.at - first.at < 1000) return null;
  const rate = ((last.settled - first.settled) * 1000) / (last.at - first.at);
  return rate > 0 ? rate : null;
}
