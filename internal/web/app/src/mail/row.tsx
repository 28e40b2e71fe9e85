import type { MessageRow } from "../api/types";
import { ClassBadge, KindChip } from "../look/badge";
import { Anchor } from "../look/link";
import { Sign } from "../look/sign";
import { longWhen, shortWhen } from "../look/when";
import { hrefOf } from "../route";
import { nameOf, useTongue } from "../words/words";
import styles from "./list.module.css";
import { others, unread } from "./names";

const shownLinks = 3;

interface Props {
  row: MessageRow;
  open: boolean;
  record: string | undefined;
  list?: string | undefined;
}

// Row is one message in the list.
export function Row({ row, open, record, list }: Props) {
  const { tag, words } = useTongue();
  const { sent, names } = others(row);
  const who = names || words.nobody;
  const fresh = unread(row);
  // On a record's own timeline its chip would stand on every row.
  const links = (row.links ?? []).filter((link) => link.record !== record);
  return (
    <Anchor
      className={styles.row}
      href={hrefOf({ message: row.id, record, list })}
      aria-current={open ? "page" : undefined}
      data-unread={fresh}
    >
      <span className={styles.rowTop}>
        {fresh ? <span className={styles.dot} role="img" aria-label={words.unread} /> : null}
        <span className={styles.who}>{sent ? words.to(who) : who}</span>
        {row.attachments > 0 ? (
          <span className={styles.clip} role="img" aria-label={words.attachments(row.attachments)}>
            <Sign name="clip" />
          </span>
        ) : null}
        <time dateTime={row.date ?? undefined} title={longWhen(row.date, tag)}>
          {shortWhen(row.date, tag, new Date())}
        </time>
      </span>
      <Subject row={row} />
      {row.snippet ? <span className={styles.snippet}>{row.snippet}</span> : null}
      {links.length > 0 || row.class !== "person" ? (
        <span className={styles.chips}>
          {row.class === "person" ? null : <ClassBadge of={row.class} name={nameOf(words.classes, row.class)} />}
          {links.slice(0, shownLinks).map((link) => (
            <KindChip key={link.record} kind={link.kind} name={link.name} />
          ))}
          {links.length > shownLinks ? <span className={styles.plus}>+{links.length - shownLinks}</span> : null}
        </span>
      ) : null}
    </Anchor>
  );
}

function Subject({ row }: { row: MessageRow }) {
  const { words } = useTongue();
  if (row.level === "metadata") {
    return (
      <span className={styles.hidden}>
        <Sign name="lock" /> {words.subjectHidden}
      </span>
    );
  }
  return <span className={styles.subject}>{row.subject || words.noSubject}</span>;
}
