import { useCallback, useState } from "react";
import { message as load } from "../api/client";
import type { Attachment, Copy, Message, Participant } from "../api/types";
import { Answering, AnswerTools, useAnswer } from "../compose/answer";
import { useAsked } from "../look/asked";
import { ClassBadge } from "../look/badge";
import { Anchor } from "../look/link";
import { useTitle } from "../look/page";
import { Sign } from "../look/sign";
import { Trouble } from "../look/trouble";
import { bytes, longWhen } from "../look/when";
import { nameOf, useTongue, useWords } from "../words/words";
import { MessageBody } from "./body";
import styles from "./message.module.css";
import { byRole, hueOf, initials } from "./names";
import { Why } from "./why";

// MessagePane loads one message and shows it.
export function MessagePane({ id, back }: { id: string; back: string }) {
  const words = useWords();
  const ask = useCallback((signal: AbortSignal) => load(id, signal), [id]);
  const { data, failure, again } = useAsked(ask);
  return (
    <article className={styles.message} aria-label={words.message} aria-busy={!data && !failure}>
      <Anchor className={styles.backLink} href={back}>
        <Sign name="back" /> {words.back}
      </Anchor>
      {failure ? <Trouble cause={failure} onRetry={again} /> : null}
      {data ? <Opened key={data.id} message={data} /> : null}
      {!data && !failure ? <p className={styles.waiting}>{words.loading}</p> : null}
    </article>
  );
}

function Opened({ message }: { message: Message }) {
  const { tag, words } = useTongue();
  const hidden = message.level === "metadata";
  const answer = useAnswer(message);
  useTitle(hidden ? words.subjectHidden : message.subject || words.noSubject);
  return (
    <>
      <h1 className={hidden ? styles.hiddenTitle : styles.title}>
        {hidden ? <Sign name="lock" /> : null}
        {hidden ? words.subjectHidden : message.subject || words.noSubject}
      </h1>
      <p className={styles.meta}>
        <span className={styles.direction} data-direction={message.direction}>
          {nameOf(words.directions, message.direction)}
        </span>
        {message.class === "person" ? null : (
          <ClassBadge of={message.class} name={nameOf(words.classes, message.class)} />
        )}
        <time dateTime={message.date ?? undefined}>{longWhen(message.date, tag)}</time>
        {hidden ? null : <AnswerTools answer={answer} />}
      </p>
      <People people={message.participants ?? []} />
      <Why id={message.id} links={message.links ?? []} not={message.not_logged} />
      <Marks marks={message.marks ?? []} />
      <div className={styles.body}>
        <MessageBody message={message} />
      </div>
      <Files id={message.id} files={message.attachments ?? []} />
      <Places copies={message.copies ?? []} />
      <Answering message={message} answer={answer} />
    </>
  );
}

const shownPeople = 3;

// People shows who wrote to whom: the author in full, the others by name, and on
// demand everybody with their address.
function People({ people }: { people: readonly Participant[] }) {
  const words = useWords();
  const [all, setAll] = useState(false);
  const author = people.find((one) => one.role === "from");
  const name = author ? nameOfOne(author) : words.nobody;
  return (
    <div className={styles.people}>
      <span className={styles.avatar} data-hue={hueOf(name)} aria-hidden="true">
        {initials(name)}
      </span>
      <div className={styles.who}>
        <dl className={styles.roles} data-all={all}>
          {byRole(people).map((group) => (
            <Group key={group.role} group={group} all={all} />
          ))}
        </dl>
        {people.some((one) => one.role !== "from") ? (
          <button type="button" className={styles.plusButton} aria-expanded={all} onClick={() => setAll(!all)}>
            {all ? words.showLess : words.showAll}
          </button>
        ) : null}
      </div>
    </div>
  );
}

function Group({ group, all }: { group: { role: string; people: Participant[] }; all: boolean }) {
  const words = useWords();
  const full = all || group.role === "from";
  const shown = full ? group.people : group.people.slice(0, shownPeople);
  const rest = group.people.length - shown.length;
  return (
    <div className={styles.role} data-role={group.role}>
      <dt>{nameOf(words.roles, group.role)}</dt>
      <dd>
        {full ? shown.map((one) => <One key={`${one.address}${one.raw}`} one={one} />) : null}
        {full ? null : shown.map(nameOfOne).join(", ")}
        {rest > 0 ? ` ${words.more(rest)}` : null}
      </dd>
    </div>
  );
}

function One({ one }: { one: Participant }) {
  const name = one.name?.trim();
  return (
    <span className={styles.one} title={one.raw}>
      {name ? <b>{name}</b> : null} <span className={styles.address}>{one.address || one.raw}</span>
    </span>
  );
}

function nameOfOne(one: Participant): string {
  return one.name?.trim() || one.address || one.raw || "?";
}

function Marks({ marks }: { marks: readonly string[] }) {
  const words = useWords();
  if (marks.length === 0) return null;
  return (
    <ul className={styles.marks}>
      {marks.map((mark) => (
        <li key={mark}>
          <Sign name="note" />
          {nameOf(words.marks, mark)}
        </li>
      ))}
    </ul>
  );
}

// Places says in which folders of which mailboxes the message lies.
function Places({ copies }: { copies: readonly Copy[] }) {
  const words = useWords();
  if (copies.length === 0) return null;
  return (
    <ul className={styles.places}>
      {copies.map((copy) => (
        <li key={copy.id}>{words.liesIn(copy.box, copy.mailbox)}</li>
      ))}
    </ul>
  );
}

// Files are what is attached: the server fetches them from the mailbox when they
// are asked for.
function Files({ id, files }: { id: string; files: readonly Attachment[] }) {
  const { tag, words } = useTongue();
  if (files.length === 0) return null;
  return (
    <section className={styles.files} aria-label={words.files}>
      <h2>{words.attachments(files.length)}</h2>
      <ul>
        {files.map((file, n) => (
          <li key={`${file.name}${file.size}`} title={file.type}>
            <Sign name="file" />
            <a
              className={styles.fileName}
              href={`/api/v1/messages/${id}/attachments/${n}`}
              target="_blank"
              rel="noopener"
            >
              {file.name}
            </a>
            <span className={styles.fileSize}>{bytes(file.size, tag)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
