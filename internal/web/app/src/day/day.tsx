import { Checkbox } from "@mantine/core";
import { useSearch } from "@tanstack/react-router";
import { lazy, Suspense, useEffect } from "react";
import type { RecordView, TimelineHome, TimelineHomeMail, TimelineHomeTask, TimelineSheetDeal } from "../api/api";
import { call } from "../api/client";
import { useGet, useSend } from "../api/query";
import { Empty } from "../look/empty";
import { Anchor } from "../look/link";
import { Quiet, Screen, Section } from "../look/screen";
import { Trouble } from "../look/trouble";
import { agoWhen, shortWhen } from "../look/when";
import { hrefOfRecord } from "../record/folders";
import { useToldStage } from "../record/pipelines";
import { day, money } from "../record/value";
import { go, hrefOf } from "../route";
import { takeThen } from "../session/then";
import { useHere } from "../shell/session";
import { useTongue } from "../words/words";
import styles from "./day.module.css";

// Day is what waits for the reader: mail, tasks, and deals that stand still.
export function Day() {
  const { words } = useTongue();
  const { watched } = useHere();
  const { data, error, refetch } = useGet<TimelineHome>("/api/v1/home");
  const nothing = data && ![data.waiting, data.answers, data.tasks, data.idle].some((list) => list?.length);
  useReturned();
  // Whoever may have no mailbox is shown nothing before that is known.
  if (!data && !error && !watched.mailboxes?.length) return null;
  if (nothing && watched.mailboxes?.length === 0) {
    return (
      <Suspense>
        <Start />
      </Suspense>
    );
  }
  return (
    <Screen title={words.desk.day}>
      {error ? <Trouble cause={error} onRetry={() => void refetch()} /> : null}
      {nothing ? <Empty title={words.desk.freeTitle} text={words.desk.freeText} /> : null}
      {data && !nothing ? (
        <div className={styles.day}>
          <Mails
            title={words.desk.lists.ours ?? ""}
            mails={data.waiting ?? []}
            list="ours"
            more={data.more.waiting}
            late
          />
          <div className={styles.column}>
            <Tasks tasks={data.tasks ?? []} />
            <Mails title={words.desk.lists.answer ?? ""} mails={data.answers ?? []} list="answer" />
            <Idle deals={data.idle ?? []} />
          </div>
        </div>
      ) : null}
    </Screen>
  );
}

const Start = lazy(async () => ({ default: (await import("../start/start")).Start }));

// useReturned leads whoever comes back from a consent at Google to what comes
// next, and whoever has signed in to a repair on to that.
function useReturned() {
  const { connected, trouble } = useSearch({ strict: false }) as { connected?: string; trouble?: string };
  useEffect(() => {
    const then = takeThen();
    if (then) location.assign(then);
    else if (connected) go("/start", { replace: true });
    else if (trouble) go(`/start?trouble=${encodeURIComponent(trouble)}`, { replace: true });
  }, [connected, trouble]);
}

interface MailsProps {
  title: string;
  mails: readonly TimelineHomeMail[];
  list: string;
  more?: boolean | undefined;
  late?: boolean;
}

function Mails({ title, mails, list, more, late }: MailsProps) {
  const { tag, words } = useTongue();
  return (
    <Section title={title} count={mails.length}>
      {mails.length === 0 ? <Quiet>{words.desk.nobodyWaits}</Quiet> : null}
      <ul className={styles.rows}>
        {mails.map((mail) => (
          <li key={mail.id}>
            <Anchor className={styles.row} href={hrefOf({ message: mail.id, list })}>
              <span className={styles.who}>{mail.from.name || mail.from.address}</span>
              <span className={styles.what}>{mail.subject || words.subjectHidden}</span>
              {late && mail.days > 0 ? (
                <span className={styles.days} data-late={mail.days > 3}>
                  {words.desk.days(mail.days)}
                </span>
              ) : (
                <time dateTime={mail.date}>{(late ? agoWhen : shortWhen)(mail.date, tag, new Date())}</time>
              )}
            </Anchor>
          </li>
        ))}
      </ul>
      {more ? (
        <Anchor className={styles.more} href={hrefOf({ list })}>
          {words.showAll}
        </Anchor>
      ) : null}
    </Section>
  );
}

function Tasks({ tasks }: { tasks: readonly TimelineHomeTask[] }) {
  const { tag, words } = useTongue();
  const send = useSend();
  const finish = async (task: TimelineHomeTask) => {
    const path = `/api/v1/tasks/${task.id}`;
    const { version } = await call<RecordView>(path);
    await send(path, { method: "PATCH", version, body: { values: { status: "done" } }, said: words.desk.taskDone });
  };
  return (
    <Section title={words.desk.folders.tasks ?? ""} count={tasks.length}>
      {tasks.length === 0 ? <Quiet>{words.desk.noTasks}</Quiet> : null}
      <ul className={styles.rows}>
        {tasks.map((task) => (
          <li key={task.id} className={styles.task}>
            <Checkbox aria-label={words.desk.finish(task.title)} checked={false} onChange={() => void finish(task)} />
            <Anchor href={hrefOfRecord(task.id)}>{task.title}</Anchor>
            <span className={styles.days} data-late={task.late > 0}>
              {task.late > 0 ? words.desk.late(task.late) : day(task.due, tag)}
            </span>
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Idle({ deals }: { deals: readonly TimelineSheetDeal[] }) {
  const { tag, words } = useTongue();
  const toldStage = useToldStage();
  if (deals.length === 0) return null;
  return (
    <Section title={words.desk.idle} count={deals.length}>
      <ul className={styles.rows}>
        {deals.map((deal) => (
          <li key={deal.id}>
            <Anchor className={styles.row} href={hrefOfRecord(deal.id)}>
              <span className={styles.what}>{deal.name}</span>
              <span className={styles.days}>{toldStage(deal.stage)}</span>
              {deal.amount.currency ? <span>{money(deal.amount.minor, deal.amount.currency, tag)}</span> : null}
            </Anchor>
          </li>
        ))}
      </ul>
    </Section>
  );
}
