import type { DraftView, OutgoingView } from "../api/api";
import { call, Refused } from "../api/client";
import type { Drafts } from "../look/draft";
import { bodyOf, freshKey, type Letter, withHalf, worthKeeping } from "./letter";
import { draftsPath } from "./places";

const one = (id: string) => `${draftsPath}/${encodeURIComponent(id)}`;

// Standing is how a letter stands with the server.
export interface Standing {
  state: "still" | "typed" | "saving" | "saved" | "waits" | "refused"; // waits: for the network
  cause?: unknown; // of a refusal
  said?: string | undefined; // of a draft that its mailbox does not have
  gone?: boolean; // the draft was sent or thrown away elsewhere; the words go on as a new one
}

const still: Standing = { state: "still" };
const pause = 1500; // ms without a key, after which the server gets what was typed
const again = 5000; // ms until a server that did not answer is asked again

export const place = (slot: string) => `letter:${slot}`;

// Keeper keeps one letter: at once on this machine, and soon after among the
// drafts on the server, one write after another. The copy on this machine goes
// when the server has all of it.
export class Keeper {
  letter: Letter;
  standing = still;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private running: Promise<void> | null = null;
  private readonly heard = new Set<() => void>();

  constructor(
    private readonly drafts: Drafts,
    private readonly slot: string,
    first: () => Letter,
    private readonly onKept: () => void,
  ) {
    const kept = drafts.read<Letter>(place(slot));
    this.letter = kept && worthKeeping(kept) ? kept : first();
    if (this.letter.dirty) this.later(pause);
  }

  readonly listen = (hear: () => void) => {
    this.heard.add(hear);
    return () => void this.heard.delete(hear);
  };
  readonly now = () => this.letter;
  readonly stands = () => this.standing;

  // set changes what is written.
  readonly set = (change: Partial<Letter>) => {
    this.put({ ...this.letter, ...change, dirty: true });
    if (this.standing.state !== "saving") this.stand({ ...this.standing, state: "typed" });
    this.later(pause);
  };

  // half keeps an address that is being typed: it is no part of the draft yet.
  readonly half = (half: Letter["half"]) => this.put({ ...this.letter, half });

  // save brings the server what it does not have, and fails when that is refused.
  readonly save = async (): Promise<void> => {
    clearTimeout(this.timer);
    this.running ??= this.write().finally(() => {
      this.running = null;
    });
    await this.running;
  };

  // send sends the letter and returns its id. When the answer to an earlier
  // attempt was lost, the server is asked before anybody is told to try again.
  readonly send = async (): Promise<string> => {
    this.put(withHalf(this.letter));
    if (!this.letter.id) this.put({ ...this.letter, dirty: true });
    await this.save();
    const { id } = this.letter;
    try {
      await call(`${one(id)}/send`, { method: "POST" });
    } catch (cause) {
      if (!isGone(cause) || !(await isOnItsWay(id))) throw cause;
    }
    this.forget();
    return id;
  };

  // drop throws the letter away, here and on the server.
  readonly drop = async (): Promise<void> => {
    clearTimeout(this.timer);
    await this.running?.catch(() => {});
    clearTimeout(this.timer);
    const { id } = this.letter;
    if (id) {
      await call(one(id), { method: "DELETE" }).catch((cause: unknown) => {
        if (!isGone(cause)) throw cause;
      });
    }
    this.forget();
  };

  // close is called when nobody looks at the letter any more.
  readonly close = () => {
    this.letter = withHalf(this.letter);
    if (!worthKeeping(this.letter)) return this.drafts.drop(this.place());
    this.put(this.letter);
    if (this.letter.dirty) void this.save().then(this.tidy, () => {});
  };

  private readonly tidy = () => {
    clearTimeout(this.timer);
    if (!worthKeeping(this.letter)) this.drafts.drop(this.place());
  };

  private forget() {
    clearTimeout(this.timer);
    this.drafts.drop(this.place());
    this.letter = { ...this.letter, dirty: false, half: { to: "", cc: "", bcc: "" } };
    this.onKept();
  }

  private async write() {
    while (this.letter.dirty) {
      const asked = this.letter;
      this.stand({ ...this.standing, state: "saving" });
      try {
        this.took(asked, await keep(asked));
      } catch (cause) {
        if (!this.lost(cause)) throw cause;
      }
    }
  }

  private took(asked: Letter, kept: DraftView) {
    const dirty = this.letter !== asked;
    const before = this.place();
    this.letter = { ...this.letter, id: kept.id, dirty };
    if (this.place() !== before) this.drafts.drop(before);
    this.put(this.letter);
    const said = kept.trouble ? [kept.trouble, kept.hint].filter(Boolean).join(" – ") : undefined;
    this.stand({ ...this.standing, state: "saved", said, cause: undefined });
    this.onKept();
  }

  // lost decides what becomes of a letter that the server did not take; true: it
  // is to be tried at once, as a new draft.
  private lost(cause: unknown): boolean {
    if (isGone(cause) && this.letter.id) {
      const before = this.place();
      this.letter = { ...this.letter, id: "", key: freshKey() };
      this.drafts.drop(before);
      this.put(this.letter);
      this.stand({ state: "saving", gone: true });
      return true;
    }
    const away = cause instanceof Refused && (cause.problem.status === 0 || cause.problem.status >= 500);
    this.stand({ ...this.standing, state: away ? "waits" : "refused", cause });
    if (away) this.later(again);
    return false;
  }

  private place() {
    return place(this.letter.id || this.slot);
  }

  private put(letter: Letter) {
    this.letter = letter;
    if (worthKeeping(letter)) this.drafts.keep(this.place(), letter);
    else this.drafts.drop(this.place());
    this.tell();
  }

  private stand(standing: Standing) {
    this.standing = standing;
    this.tell();
  }

  private tell() {
    for (const hear of this.heard) hear();
  }

  private later(ms: number) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.save().catch(() => {}), ms);
  }
}

function keep(letter: Letter): Promise<DraftView> {
  const body = bodyOf(letter);
  if (letter.id) return call<DraftView>(one(letter.id), { method: "PUT", body });
  return call<DraftView>(draftsPath, { body, headers: { "idempotency-key": letter.key } });
}

const isGone = (cause: unknown) =>
  cause instanceof Refused && cause.problem.status === 404 && cause.problem.field === "id";

async function isOnItsWay(id: string): Promise<boolean> {
  const { state } = await call<OutgoingView>(`/api/v1/outgoing/${encodeURIComponent(id)}`).catch(() => ({
    state: "draft",
  }));
  return state !== "draft";
}
