import type { DraftView, OutgoingView } from "../api/api";
import { call, Refused } from "../api/client";
import type { Drafts } from "../look/draft";
import {
  apart,
  bodyOf,
  freshKey,
  type Letter,
  ofDraft,
  revived,
  sameWords,
  withHalf,
  wordsOf,
  worthKeeping,
} from "./letter";
import { draftsPath } from "./places";

const one = (id: string) => `${draftsPath}/${encodeURIComponent(id)}`;

// Standing is how a letter stands with the server.
export interface Standing {
  state: "still" | "typed" | "saving" | "saved" | "waits" | "refused" | "parted"; // waits: for the network; parted: written elsewhere, too
  cause?: unknown; // of a refusal
  said?: string | undefined; // of a draft that its mailbox does not have
  theirs?: Letter; // where it parted: what was written elsewhere
  gone?: boolean; // the draft was sent or thrown away elsewhere; the words go on as a new one
}

const still: Standing = { state: "still" };
const pause = 1500; // ms without a key, after which the server gets what was typed
const again = 5000; // ms until a server that did not answer is asked again

export const place = (slot: string) => `letter:${slot}`;

// Keeper keeps one letter: at once on this machine, and soon after among the
// drafts on the server, one write after another. The copy on this machine goes
// when the server has all of it.
//
// It writes only over words that it has seen. When a draft was written elsewhere
// meanwhile, both texts stay until somebody says which holds, and ours is kept here
// as a letter of its own.
export class Keeper {
  letter: Letter;
  standing = still;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private running: Promise<void> | null = null;
  private aside = ""; // where a letter is kept that parted from its draft
  private readonly heard = new Set<() => void>();

  constructor(
    private readonly drafts: Drafts,
    private readonly slot: string,
    first: () => Letter,
    private readonly onKept: () => void,
  ) {
    const kept = drafts.read<Letter>(place(slot));
    this.letter = kept && worthKeeping(kept) ? revived(kept) : first();
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
    if (this.standing.theirs) return;
    if (this.standing.state !== "saving") this.stand({ ...this.standing, state: "typed" });
    this.later(pause);
  };

  // settle says which words of a draft hold that was written in two places.
  readonly settle = async (which: "ours" | "theirs" | "both"): Promise<void> => {
    const { theirs } = this.standing;
    if (!theirs) return;
    this.drafts.drop(this.place());
    this.aside = "";
    this.stand(still);
    if (which === "theirs") this.put({ ...theirs, dirty: false });
    else if (which === "both") this.put(apart(this.letter));
    else this.put({ ...this.letter, version: theirs.version, base: theirs.base, dirty: true });
    await this.save();
  };

  // look takes in what was written elsewhere, while nothing is here that the server
  // does not have.
  readonly look = async (): Promise<void> => {
    const before = this.letter;
    if (!before.id || before.dirty || this.running || this.standing.theirs) return;
    const draft = await call<DraftView>(one(before.id)).catch(() => undefined);
    if (!draft || this.letter !== before || draft.version === before.version) return;
    this.put({ ...ofDraft(draft), half: before.half });
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
      await this.hand(id);
    } catch (cause) {
      if (!isGone(cause) || !(await isOnItsWay(id))) throw cause;
    }
    this.forget();
    return id;
  };

  private async hand(id: string): Promise<void> {
    const post = () => call(`${one(id)}/send`, { method: "POST", headers: matching(this.letter) });
    await post().catch(async (cause: unknown) => {
      if (!isStale(cause)) throw cause;
      await this.reconcile(this.letter, cause);
      await post();
    });
  }

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
      if (this.standing.theirs) throw stale();
      const earlier = this.letter.tried;
      const asked = { ...this.letter, tried: wordsOf(this.letter) };
      this.put(asked);
      this.stand({ ...this.standing, state: "saving" });
      const kept = await keep(asked).catch(async (cause: unknown) => {
        if (isStale(cause)) await this.reconcile({ ...asked, tried: earlier }, cause);
        else if (!this.lost(cause)) throw cause;
      });
      if (kept) this.took(asked, kept, earlier);
    }
  }

  // reconcile goes on from the present draft where its words are ones that we have
  // seen, or asked for and heard no answer to; else the letter parts from it.
  private async reconcile(asked: Letter, cause: unknown): Promise<void> {
    const theirs = ofDraft(await call<DraftView>(one(asked.id)));
    const seen = [asked.base, asked.tried].includes(theirs.base) || sameWords(asked, theirs);
    if (!seen) this.part(theirs, cause);
    this.put({ ...this.letter, version: theirs.version, base: theirs.base });
  }

  private part(theirs: Letter, cause: unknown): never {
    this.drafts.drop(this.place());
    this.aside = `apart-${theirs.id}-${freshKey()}`;
    this.put({ ...this.letter, id: theirs.id, dirty: true });
    this.stand({ state: "parted", theirs, cause });
    throw cause;
  }

  private took(asked: Letter, kept: DraftView, earlier: string) {
    const draft = ofDraft(kept);
    const whole = asked.id !== "" || sameWords(asked, draft);
    // Else the first answer to a new letter got lost, and the server has what it said
    // then; or somebody went on with it.
    if (!whole && draft.base !== earlier) this.part(draft, stale());
    const dirty = !whole || this.letter !== asked;
    const before = this.place();
    this.letter = { ...this.letter, id: kept.id, version: kept.version, base: draft.base, tried: "", dirty };
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
      this.letter = apart(this.letter);
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
    return place(this.aside || this.letter.id || this.slot);
  }

  private put(letter: Letter) {
    this.letter = letter;
    if (worthKeeping(letter)) this.drafts.keep(this.place(), this.aside ? apart(letter) : letter);
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
  if (letter.id) return call<DraftView>(one(letter.id), { method: "PUT", body, headers: matching(letter) });
  return call<DraftView>(draftsPath, { body, headers: { "idempotency-key": letter.key } });
}

const matching = ({ version }: Letter): Record<string, string> => (version ? { "if-match": version } : {});

const stale = () => new Refused({ status: 412, code: "conflict", field: "version" });
const isStale = (cause: unknown) => cause instanceof Refused && cause.problem.status === 412;

const isGone = (cause: unknown) =>
  cause instanceof Refused && cause.problem.status === 404 && cause.problem.field === "id";

async function isOnItsWay(id: string): Promise<boolean> {
  const { state } = await call<OutgoingView>(`/api/v1/outgoing/${encodeURIComponent(id)}`).catch(() => ({
    state: "draft",
  }));
  return state !== "draft";
}
