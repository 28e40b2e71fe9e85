import { useQuery } from "@tanstack/react-query";
import { useRef, useState } from "react";
import type { CrmOutgoing, ItemsOutgoing } from "../api/api";
import { call } from "../api/client";
import { usePages, useSend, withQuery } from "../api/query";
import { useTry } from "../look/attempt";
import { useDrafts } from "../look/draft";
import { Empty } from "../look/empty";
import { Anchor } from "../look/link";
import { Sign } from "../look/sign";
import { Trouble } from "../look/trouble";
import { longWhen, shortWhen } from "../look/when";
import { useMoveKeys } from "../mail/list";
import styles from "../mail/list.module.css";
import { useSaid } from "../words/catalogue";
import { nameOf, useTongue } from "../words/words";
import { said as bar } from "./bar_words";
import own from "./compose.module.css";
import { useOwnMailboxes } from "./composer";
import { place } from "./keeper";
import { type Letter, worthKeeping } from "./letter";
import { draftsPath, hrefOfDraft } from "./places";
import { said } from "./words";

// Drafts are the mails that one has begun, in all mailboxes: those on the server,
// and above them words that only this machine has.
export function Drafts({ open }: { open: string | undefined }) {
  const its = useSaid(said);
  const title = useSaid(bar).drafts;
  const { words } = useTongue();
  const list = useRef<HTMLUListElement>(null);
  useMoveKeys(list);
  const pages = usePages<CrmOutgoing>(draftsPath, 50);
  const kept = pages.items ?? [];
  const here = useHereAlone(kept);
  return (
    <nav className={styles.list} aria-label={title}>
      <header className={styles.listHead}>
        <h2>{title}</h2>
      </header>
      {pages.error ? <Trouble cause={pages.error} onRetry={() => void pages.refetch()} /> : null}
      {pages.items && kept.length + here.length === 0 ? <Empty title={its.noDrafts} text={its.noDraftsText} /> : null}
      <ul ref={list} className={styles.rows}>
        {here.map(({ slot, letter }) => (
          <li key={slot}>
            <DraftRow href={hrefOfSlot(slot, letter)} open={slot === open} of={letter} mark={its.onlyHere} />
          </li>
        ))}
        {kept.map((draft) => (
          <li key={draft.id}>
            <DraftRow href={hrefOfDraft(draft.id)} open={draft.id === open} of={draft} at={draft.created} />
          </li>
        ))}
      </ul>
      {pages.hasNextPage ? (
        <button
          type="button"
          className={styles.more}
          disabled={pages.isFetchingNextPage}
          onClick={() => void pages.fetchNextPage()}
        >
          {words.loadMore}
        </button>
      ) : null}
    </nav>
  );
}

const begin = place("");

// useHereAlone are letters that the server does not list.
function useHereAlone(kept: readonly CrmOutgoing[]) {
  const drafts = useDrafts();
  const ids = new Set(kept.map(({ id }) => id));
  return drafts.keys(begin).flatMap((key) => {
    const letter = drafts.read<Letter>(key);
    const slot = key.slice(begin.length);
    return letter && worthKeeping(letter) && !ids.has(letter.id) ? [{ slot, letter }] : [];
  });
}

// hrefOfSlot is where a letter of this machine is gone on with: an answer beside
// its mail.
const hrefOfSlot = (slot: string, letter: Letter) =>
  (letter.reply || letter.forward) && !letter.id
    ? `/messages/${encodeURIComponent(letter.reply || letter.forward)}`
    : hrefOfDraft(slot);

interface RowProps {
  href: string;
  open: boolean;
  of: { to: readonly string[] | null; subject?: string; files?: readonly unknown[] | null };
  at?: string;
  mark?: string;
}

function DraftRow({ href, open, of, at = "", mark }: RowProps) {
  const its = useSaid(said);
  const { tag, words } = useTongue();
  return (
    <Anchor className={styles.row} href={href} aria-current={open ? "page" : undefined}>
      <span className={styles.rowTop}>
        <span className={styles.who}>{of.to?.length ? words.to(of.to.join(", ")) : its.nobody}</span>
        {of.files?.length ? (
          <span className={styles.clip} role="img" aria-label={words.attachments(of.files.length)}>
            <Sign name="clip" />
          </span>
        ) : null}
        <time dateTime={at || undefined} title={longWhen(at, tag)}>
          {shortWhen(at, tag, new Date())}
        </time>
      </span>
      <span className={styles.subject}>{of.subject || words.noSubject}</span>
      {mark ? <span className={styles.snippet}>{mark}</span> : null}
    </Anchor>
  );
}

const under = new Set(["queued", "sending"]);

// Outgoing is what was sent from a mailbox, with what became of it: nothing is
// left in the dark.
export function Outgoing() {
  const its = useSaid(said);
  const title = useSaid(bar).outgoing;
  const boxes = useOwnMailboxes();
  const [chosen, choose] = useState("");
  const box = chosen || boxes?.[0]?.id || "";
  const path = box ? withQuery("/api/v1/outgoing", { mailbox: box, limit: 100 }) : "";
  const { data, error, refetch } = useQuery({
    queryKey: [path],
    queryFn: ({ signal }) => call<ItemsOutgoing>(path, { signal }),
    enabled: path !== "",
    refetchInterval: (query) => (query.state.data?.items?.some(({ state }) => under.has(state)) ? 1500 : 15_000),
  });
  const sent = data?.items?.filter(({ state }) => state !== "draft");
  const none = sent?.length === 0 || boxes?.length === 0;
  return (
    <nav className={styles.list} aria-label={title}>
      <header className={styles.listHead}>
        <h2>{title}</h2>
        {(boxes?.length ?? 0) > 1 ? (
          <select
            className={own.box}
            aria-label={its.toMailbox}
            value={box}
            onChange={(event) => choose(event.currentTarget.value)}
          >
            {boxes?.map(({ id, address }) => (
              <option key={id} value={id}>
                {address}
              </option>
            ))}
          </select>
        ) : null}
      </header>
      {error ? <Trouble cause={error} onRetry={() => void refetch()} /> : null}
      {none ? <Empty title={its.noOutgoing} text={its.noOutgoingText} /> : null}
      <ul className={styles.rows}>
        {sent?.map((one) => (
          <li key={one.id}>
            <Sent of={one} />
          </li>
        ))}
      </ul>
    </nav>
  );
}

// Sent is one mail that was sent, or was to be: where nobody knows, or it failed,
// its sender decides.
export function Sent({ of }: { of: CrmOutgoing }) {
  const its = useSaid(said);
  const { tag, words } = useTongue();
  const send = useSend();
  const [trouble, attempt] = useTry();
  const act = (what: string) => void attempt(() => send(`/api/v1/outgoing/${of.id}/${what}`, {}));
  const at = of.sent_at ?? of.created;
  return (
    <div className={own.sent}>
      <span className={styles.rowTop}>
        <span className={styles.who}>{words.to((of.to ?? []).join(", "))}</span>
        <time dateTime={at} title={longWhen(at, tag)}>
          {shortWhen(at, tag, new Date())}
        </time>
      </span>
      <span className={styles.subject}>{of.subject || words.noSubject}</span>
      <span className={own.outcome}>
        <span className={own.mark} data-state={of.state}>
          {nameOf(its.states, of.state)}
        </span>
        {of.files?.map((file) => (
          <span key={`${file.blob}${file.name}`} className={own.size}>
            <Sign name="clip" /> {file.name}
          </span>
        ))}
      </span>
      {of.trouble ? <p className={own.why}>{[of.trouble, of.hint].filter(Boolean).join(" – ")}</p> : null}
      {of.state === "failed" || of.state === "unknown" ? (
        <span className={own.outcome}>
          <button type="button" className={own.link} onClick={() => act("retry")}>
            {its.again}
          </button>
          <button type="button" className={own.link} onClick={() => act("drop")}>
            {its.giveUp}
          </button>
        </span>
      ) : null}
      {trouble}
    </div>
  );
}
