import { useParams, useSearch } from "@tanstack/react-router";
import { CardPanel } from "../card/panel";
import { Empty } from "../look/empty";
import { Anchor } from "../look/link";
import { MailList } from "../mail/list";
import { MessagePane } from "../mail/message";
import { useMessages } from "../mail/use_messages";
import { hrefOf } from "../route";
import { useHere } from "../shell/session";
import { useWords } from "../words/words";
import styles from "./inbox.module.css";

// Inbox is the mail: list, message and card side by side, as far as there is
// room. The lists are all mail, and that which waits for somebody.
export function Inbox() {
  const { message } = useParams({ strict: false }) as { message?: string };
  const { record, list } = useSearch({ strict: false }) as { record?: string; list?: string };
  const { watched } = useHere();
  const listed = useMessages({ record, list }, watched.pulse);
  const empty = !list && message === undefined && listed.items?.length === 0 && !listed.next;
  return (
    <div className={styles.desk} data-open={message !== undefined} data-empty={empty}>
      <div className={styles.list}>
        {record ? null : <Lists list={list} />}
        <MailList listed={listed} open={message} record={record} list={list} mailboxes={watched.mailboxes} />
      </div>
      <div className={styles.reading}>
        <main className={styles.message}>
          {message ? <MessagePane id={message} back={hrefOf({ record, list })} /> : <Pick />}
        </main>
        <aside className={styles.side}>
          <CardPanel message={message} />
        </aside>
      </div>
    </div>
  );
}

const lists = ["", "ours", "answer", "theirs"];

function Lists({ list = "" }: { list: string | undefined }) {
  const { desk } = useWords();
  return (
    <div className={styles.lists}>
      {lists.map((name) => (
        <Anchor key={name} href={hrefOf({ list: name })} aria-current={name === list ? "true" : undefined}>
          {desk.lists[name || "all"]}
        </Anchor>
      ))}
    </div>
  );
}

function Pick() {
  const words = useWords();
  return <Empty title={words.pickTitle} text={words.pickText} />;
}
