import { Button } from "@mantine/core";
import type { AskedFor, ItemsAskedFor, ItemsOpenedMail, NotifyItem, OpenedMail } from "../api/api";
import { useGet, usePages, useSend } from "../api/query";
import { useTry } from "../look/attempt";
import { Empty } from "../look/empty";
import { Anchor } from "../look/link";
import { Quiet, Screen, Section } from "../look/screen";
import { Trouble } from "../look/trouble";
import { longWhen, shortWhen } from "../look/when";
import { hrefOfRecord, useUsers } from "../record/folders";
import { hrefOf } from "../route";
import { useSaid } from "../words/catalogue";
import { useTongue } from "../words/words";
import styles from "./notices.module.css";
import { said } from "./words";

// Notices are what the reader is told, who asks to read their mail, what they
// asked for, and who read what of theirs.
export function Notices() {
  const its = useSaid(said);
  const { words } = useTongue();
  const send = useSend();
  const asked = usePages<NotifyItem>("/api/v1/notifications", 50);
  const items = asked.items ?? [];
  const readAll = () => void send("/api/v1/notifications/read", { body: { all: true } });
  return (
    <Screen
      title={its.title}
      tools={
        <>
          <Anchor href="/settings/account">{its.choices}</Anchor>
          {items.some(({ unread }) => unread) ? (
            <Button size="xs" variant="default" onClick={readAll}>
              {its.readAll}
            </Button>
          ) : null}
        </>
      }
    >
      {asked.error ? <Trouble cause={asked.error} onRetry={() => void asked.refetch()} /> : null}
      <Requests />
      {asked.items?.length === 0 ? <Empty title={its.none} text={its.noneText} /> : null}
      {items.length > 0 ? (
        <Section title={its.title} count={items.filter(({ unread }) => unread).length}>
          <ul className={styles.list}>
            {items.map((item) => (
              <Notice key={item.id} item={item} />
            ))}
          </ul>
          {asked.hasNextPage ? (
            <button type="button" className={styles.more} onClick={() => void asked.fetchNextPage()}>
              {words.desk.older}
            </button>
          ) : null}
        </Section>
      ) : null}
      <Mine />
      <Openings />
    </Screen>
  );
}

function Notice({ item }: { item: NotifyItem }) {
  const its = useSaid(said);
  const users = useUsers();
  const send = useSend();
  const who = users[item.by ?? ""] ?? "–";
  const href = item.about ? hrefOfRecord(item.about) : hrefOf({ message: item.message });
  const read = () => {
    if (item.unread) void send("/api/v1/notifications/read", { body: { ids: [item.id] } });
  };
  return (
    <li data-unread={item.unread}>
      <span>
        <span className={styles.what}>{its.kinds[item.kind]?.(who) ?? item.kind}</span>
        {/* Whoever goes there has read it. */}
        <span onClickCapture={read}>
          <Anchor href={href}>{item.title || item.text || "–"}</Anchor>
        </span>
        {item.text && item.title ? <span className={styles.faint}>{item.text}</span> : null}
      </span>
      <When at={item.at} />
    </li>
  );
}

function When({ at }: { at: string }) {
  const { tag } = useTongue();
  return (
    <time dateTime={at} title={longWhen(at, tag)}>
      {shortWhen(at, tag, new Date())}
    </time>
  );
}

// Requests wait for the word of whose mail it is.
function Requests() {
  const its = useSaid(said);
  const { words } = useTongue();
  const send = useSend();
  const [trouble, attempt] = useTry();
  const list = useGet<ItemsAskedFor>("/api/v1/requests").data?.items ?? [];
  if (list.length === 0) return null;
  const answer = (one: AskedFor, word: "grant" | "refuse") =>
    void attempt(() =>
      send(`/api/v1/requests/${one.id}/${word}`, { said: word === "grant" ? its.granted : its.refused }),
    );
  return (
    <Section title={its.asks} count={list.length}>
      {trouble}
      <ul className={styles.list}>
        {list.map((one) => (
          <li key={one.id} data-unread="true">
            <span>
              <span className={styles.what}>
                {its.asksText(one.name)} {its.levels[one.level]}
              </span>
              <Anchor href={hrefOf({ message: one.message })}>{one.subject || words.noSubject}</Anchor>
              {one.note ? <span className={styles.faint}>“{one.note}”</span> : null}
            </span>
            <When at={one.at} />
            <span className={styles.pair}>
              <Button size="xs" onClick={() => answer(one, "grant")}>
                {its.grant}
              </Button>
              <Button size="xs" variant="default" onClick={() => answer(one, "refuse")}>
                {its.refuse}
              </Button>
            </span>
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Mine() {
  const its = useSaid(said);
  const { words } = useTongue();
  const list = useGet<ItemsAskedFor>("/api/v1/requests?mine=true").data?.items ?? [];
  if (list.length === 0) return null;
  return (
    <Section title={its.mine} count={list.length}>
      <ul className={styles.list}>
        {list.map((one) => (
          <li key={one.id}>
            <span>
              <Anchor href={hrefOf({ message: one.message })}>{one.subject || words.subjectHidden}</Anchor>
              {one.note ? <span className={styles.faint}>“{one.note}”</span> : null}
            </span>
            <span className={styles.state} data-state={one.state}>
              {its.states[one.state]}
            </span>
            <When at={one.at} />
          </li>
        ))}
      </ul>
    </Section>
  );
}

// Openings are which colleague opened which mail of the reader's.
function Openings() {
  const its = useSaid(said);
  const { words } = useTongue();
  const asked = usePages<OpenedMail>("/api/v1/openings", 50);
  const list: NonNullable<ItemsOpenedMail["items"]> = asked.items ?? [];
  return (
    <Section title={its.openings} count={list.length}>
      {asked.items?.length === 0 ? <Quiet>{its.openingsText}</Quiet> : null}
      <ul className={styles.list}>
        {list.map((one) => (
          <li key={one.id}>
            <span>
              <span className={styles.what}>{one.name}</span>
              <Anchor href={hrefOf({ message: one.message })}>{one.subject || words.noSubject}</Anchor>
              <span className={styles.faint}>{(one.ways ?? []).map((way) => its.ways[way] ?? way).join(", ")}</span>
            </span>
            <When at={one.at} />
          </li>
        ))}
      </ul>
      {asked.hasNextPage ? (
        <button type="button" className={styles.more} onClick={() => void asked.fetchNextPage()}>
          {words.desk.older}
        </button>
      ) : null}
    </Section>
  );
}
