import { type KeyboardEvent, useEffect, useRef } from "react";
import type { Mailbox } from "../api/types";
import { Empty } from "../look/empty";
import { Anchor } from "../look/link";
import { Sign } from "../look/sign";
import { Trouble } from "../look/trouble";
import { hrefOf } from "../route";
import { isTyping } from "../shell/undo";
import { useWords } from "../words/words";
import styles from "./list.module.css";
import { Row } from "./row";
import type { Listed } from "./use_messages";

interface Props {
  listed: Listed;
  open: string | undefined;
  record: string | undefined;
  list?: string | undefined;
  mailboxes: readonly Mailbox[] | null;
}

// MailList lists messages. j and k move, Enter opens, from anywhere on the page
// except where something is typed.
export function MailList({ listed, open, record, list: waits, mailboxes }: Props) {
  const words = useWords();
  const list = useRef<HTMLUListElement>(null);
  useMoveKeys(list);
  const { items, next, busy, failure, more, again } = listed;
  return (
    <nav className={styles.list} aria-label={words.mail}>
      <ListHead items={items} record={record} />
      {failure ? <Trouble cause={failure} onRetry={again} /> : null}
      {items?.length === 0 && !next ? <Nothing record={record} list={waits} mailboxes={mailboxes} /> : null}
      {!items && !failure ? <Waiting /> : null}
      <ul ref={list} className={styles.rows}>
        {items?.map((row) => (
          <li key={row.id}>
            <Row row={row} open={row.id === open} record={record} list={waits} />
          </li>
        ))}
      </ul>
      {next ? (
        <button type="button" className={styles.more} disabled={busy} onClick={more}>
          {busy ? words.loading : words.loadMore}
        </button>
      ) : null}
    </nav>
  );
}

function ListHead({ items, record }: { items: Listed["items"]; record: string | undefined }) {
  const words = useWords();
  const link = items?.flatMap((item) => item.links ?? []).find((one) => one.record === record);
  return (
    <header className={styles.listHead}>
      {record ? (
        <>
          <h2>{words.timelineOf(link?.name ?? words.thisRecord)}</h2>
          <Anchor className={styles.clear} href={hrefOf({})} aria-label={words.all} title={words.all}>
            <Sign name="close" />
          </Anchor>
        </>
      ) : (
        <>
          <h2>{words.mail}</h2>
          {items?.length ? (
            <span className={styles.keys} aria-hidden="true">
              <kbd>j</kbd> <kbd>k</kbd> <kbd>↵</kbd> {words.keys}
            </span>
          ) : null}
        </>
      )}
    </header>
  );
}

function Nothing({ record, list, mailboxes }: Pick<Props, "record" | "list" | "mailboxes">) {
  const words = useWords();
  if (list) return <Empty title={words.desk.doneTitle} text={words.desk.doneText} />;
  if (record) return <Empty title={words.noneOfRecordTitle} text={words.noneOfRecordText} />;
  if (mailboxes?.length === 0) {
    return (
      <Empty title={words.noMailboxTitle} text={words.noMailboxText}>
        <Anchor href="/start">{words.desk.connect}</Anchor>
      </Empty>
    );
  }
  return <Empty title={words.noMailTitle} text={words.noMailText} />;
}

function Waiting() {
  const words = useWords();
  return (
    <p className={styles.waiting} role="status">
      {words.loading}
    </p>
  );
}

// useMoveKeys moves the focus along the links of a list with j and k. Enter on a
// link is the browser's own.
export function useMoveKeys(list: { current: HTMLUListElement | null }) {
  useEffect(() => {
    const press = (event: globalThis.KeyboardEvent) => {
      const step = moves[event.key];
      if (!step || event.metaKey || event.ctrlKey || event.altKey || isTyping(event.target)) return;
      const links = [...(list.current?.querySelectorAll<HTMLAnchorElement>("a") ?? [])];
      const focused = links.indexOf(document.activeElement as HTMLAnchorElement);
      const from = focused >= 0 ? focused : links.findIndex((link) => link.getAttribute("aria-current"));
      const to = links[from < 0 ? 0 : Math.min(links.length - 1, Math.max(0, from + step))];
      to?.focus();
      to?.scrollIntoView?.({ block: "nearest" });
    };
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, [list]);
}

const moves: Readonly<Record<KeyboardEvent["key"], number>> = { j: 1, k: -1 };
