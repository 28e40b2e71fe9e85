import { useParams, useSearch } from "@tanstack/react-router";
import { lazy, Suspense, useEffect } from "react";
import { CardPanel } from "../card/panel";
import { said } from "../compose/bar_words";
import { hrefOfDraft } from "../compose/places";
import { Empty } from "../look/empty";
import { Anchor } from "../look/link";
import { Sign } from "../look/sign";
import { MailList } from "../mail/list";
import { MessagePane } from "../mail/message";
import { useMessages } from "../mail/use_messages";
import { go, hrefOf } from "../route";
import { useHere } from "../shell/session";
import { isTyping } from "../shell/undo";
import { useSaid } from "../words/catalogue";
import { useWords } from "../words/words";
import styles from "./inbox.module.css";

// Inbox is the mail: list, message and card side by side, as far as there is
// room. The lists are all mail, and that which waits for somebody.
export function Inbox() {
  const { message, draft } = useParams({ strict: false }) as { message?: string; draft?: string };
  const { record, list, to } = useSearch({ strict: false }) as { record?: string; list?: string; to?: string };
  const { watched } = useHere();
  useWriteKey();
  const shown = draft && !list ? "drafts" : list;
  const own = shown === "drafts" || shown === "outgoing";
  const listed = useMessages({ record, list: own ? undefined : list }, watched.pulse);
  const empty = !list && !message && !draft && listed.items?.length === 0 && !listed.next;
  return (
    <div className={styles.desk} data-open={Boolean(message || draft)} data-empty={empty}>
      <div className={styles.list}>
        {record ? null : <Lists list={shown} />}
        {own ? (
          <Suspense>{shown === "drafts" ? <Drafts open={draft} /> : <Outgoing />}</Suspense>
        ) : (
          <MailList listed={listed} open={message} record={record} list={list} mailboxes={watched.mailboxes} />
        )}
      </div>
      <div className={styles.reading}>
        <main className={styles.message}>
          {draft ? (
            <Suspense>
              <Written draft={draft} to={to ?? ""} />
            </Suspense>
          ) : message ? (
            <MessagePane id={message} back={hrefOf({ record, list })} />
          ) : (
            <Pick />
          )}
        </main>
        <aside className={styles.side} data-writing={Boolean(draft)}>
          <CardPanel message={message} />
        </aside>
      </div>
    </div>
  );
}

const Drafts = lazy(async () => ({ default: (await import("../compose/lists")).Drafts }));
const Outgoing = lazy(async () => ({ default: (await import("../compose/lists")).Outgoing }));
const Written = lazy(() => import("../compose/written"));

const lists = ["", "ours", "answer", "theirs", "drafts", "outgoing"];

function Lists({ list = "" }: { list: string | undefined }) {
  const { desk } = useWords();
  const its = useSaid(said);
  const own: Readonly<Record<string, string>> = { drafts: its.drafts, outgoing: its.outgoing };
  return (
    <div className={styles.lists}>
      {lists.map((name) => (
        <Anchor key={name} href={hrefOf({ list: name })} aria-current={name === list ? "true" : undefined}>
          {own[name] ?? desk.lists[name || "all"]}
        </Anchor>
      ))}
      <Anchor
        className={styles.write}
        href={hrefOfDraft("new")}
        aria-label={its.write}
        title={`${its.write} (c)`}
        aria-keyshortcuts="c"
      >
        <Sign name="pen" />
      </Anchor>
    </div>
  );
}

// useWriteKey begins a new mail with c.
function useWriteKey() {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.key !== "c" || event.metaKey || event.ctrlKey || event.altKey || isTyping(event.target)) return;
      event.preventDefault();
      go(hrefOfDraft("new"));
    };
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, []);
}

function Pick() {
  const words = useWords();
  return <Empty title={words.pickTitle} text={words.pickText} />;
}
