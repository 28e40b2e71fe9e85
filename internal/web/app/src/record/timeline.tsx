import { useState } from "react";
import type { TimelineEntry } from "../api/api";
import { usePages } from "../api/query";
import { Anchor } from "../look/link";
import { Quiet, Section } from "../look/screen";
import { Sign } from "../look/sign";
import { Trouble } from "../look/trouble";
import { longWhen, shortWhen } from "../look/when";
import { hrefOf } from "../route";
import { nameOf, useTongue } from "../words/words";
import { Appointment } from "./appointment";
import { hrefOfRecord } from "./folders";
import styles from "./record.module.css";
import { SeenBy } from "./seen";

const kinds = ["all", "mail", "call", "note", "task"] as const;

// Timeline is everything that happened with a record, newest first.
export function Timeline({ path }: { path: string }) {
  const { words } = useTongue();
  const [kind, setKind] = useState<string>("all");
  const asked = usePages<TimelineEntry>(`${path}/timeline`, 50);
  const items = asked.items?.filter((entry) => kind === "all" || entry.kind === kind);
  return (
    <Section title={words.desk.timeline}>
      <div className={styles.filter}>
        {kinds.map((one) => (
          <button key={one} type="button" aria-pressed={one === kind} onClick={() => setKind(one)}>
            {words.desk.timelineFilters[one] ?? words.desk.timelineKinds[one]}
          </button>
        ))}
      </div>
      {asked.error ? <Trouble cause={asked.error} onRetry={() => void asked.refetch()} /> : null}
      {items?.length === 0 ? <Quiet>{words.noneOfRecordText}</Quiet> : null}
      <ol className={styles.timeline}>
        {items?.map((entry) => (
          <Entry key={entry.id} entry={entry} />
        ))}
      </ol>
      {asked.hasNextPage ? (
        <button type="button" className={styles.more} onClick={() => void asked.fetchNextPage()}>
          {asked.isFetchingNextPage ? words.loading : words.desk.older}
        </button>
      ) : null}
    </Section>
  );
}

function Entry({ entry }: { entry: TimelineEntry }) {
  const { tag, words } = useTongue();
  const mail = entry.kind === "mail";
  const who = mail ? entry.from?.name || entry.from?.address : "";
  const title = entry.level === "metadata" ? words.subjectHidden : entry.title || words.noSubject;
  return (
    <li data-direction={entry.direction}>
      <Sign name={mail ? "inbox" : entry.kind} />
      <div>
        <p className={styles.entryHead}>
          <Anchor href={mail ? hrefOf({ message: entry.id }) : hrefOfRecord(entry.id)}>{title}</Anchor>
          <time dateTime={entry.date} title={longWhen(entry.date, tag)}>
            {shortWhen(entry.date, tag, new Date())}
          </time>
        </p>
        <p className={styles.entryText}>
          {who ? <strong>{who}</strong> : null} {entry.snippet}
        </p>
        {entry.seen ? <SeenBy seen={entry.seen} /> : null}
        {entry.because ? (
          <p className={styles.because}>
            {entry.because.because} <Anchor href={`/messages/${entry.id}/why`}>{words.desk.whyHere}</Anchor>
          </p>
        ) : null}
        <Appointment entry={entry} />
        {entry.status ? <p className={styles.because}>{nameOf(words.desk.choices, entry.status)}</p> : null}
      </div>
    </li>
  );
}
