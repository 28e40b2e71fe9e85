import { Button } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { ItemsDeadView, MailboxView } from "../api/api";
import { call } from "../api/client";
import { useGet, useSend } from "../api/query";
import type { Mailbox } from "../api/types";
import { useTry } from "../look/attempt";
import { Empty } from "../look/empty";
import { Anchor } from "../look/link";
import { Screen } from "../look/screen";
import { agoWhen } from "../look/when";
import { MailboxCard } from "../mailbox/mailbox";
import { useHere } from "../shell/session";
import { useUndo } from "../shell/undo";
import { nameOf, useTongue, useWords } from "../words/words";
import styles from "./health_page.module.css";
import { Where } from "./where";

// HealthPage is what became of every mail: the equation of each mailbox, the mail
// that was given up, and what became of one that somebody misses.
export function HealthPage() {
  const { desk, noMailboxTitle, noMailboxText } = useWords();
  const { watched } = useHere();
  const list = watched.mailboxes ?? [];
  return (
    <Screen title={desk.health}>
      {watched.mailboxes && list.length === 0 ? (
        <Empty title={noMailboxTitle} text={noMailboxText}>
          <Anchor href="/start">{desk.connect}</Anchor>
        </Empty>
      ) : null}
      {list.map((mailbox) => (
        <section key={mailbox.id} className={styles.box} aria-label={mailbox.address}>
          <MailboxCard mailbox={mailbox} />
          <Looks mailbox={mailbox} />
          <Where mailbox={mailbox} />
          <Dead mailbox={mailbox} />
        </section>
      ))}
    </Screen>
  );
}

// Looks say how far behind the server we may be, and let one look at once, or
// compare every folder with it.
function Looks({ mailbox }: { mailbox: Mailbox }) {
  const { tag, words } = useTongue();
  const { desk } = words;
  const send = useSend();
  const [trouble, attempt] = useTry();
  const [busy, setBusy] = useState(false);
  const path = `/api/v1/mailboxes/${mailbox.id}`;
  const { data } = useGet<MailboxView>(path);
  const now = new Date();
  const compare = async () => {
    setBusy(true);
    await attempt(() => send(`${path}/audit`, { said: desk.compared }));
    setBusy(false);
  };
  return (
    <div className={styles.looks}>
      <p>
        {data?.last_ok ? `${desk.lastLook(agoWhen(data.last_ok, tag, now))} · ` : null}
        {data?.audited_at ? desk.audited(agoWhen(data.audited_at, tag, now)) : desk.neverAudited}
      </p>
      <Button
        size="xs"
        variant="default"
        onClick={() => void attempt(() => send(`${path}/sync`, { said: desk.looking }))}
      >
        {desk.lookNow}
      </Button>
      <Button size="xs" variant="default" loading={busy} onClick={() => void compare()}>
        {desk.compare}
      </Button>
      {trouble}
    </div>
  );
}

function Dead({ mailbox }: { mailbox: Mailbox }) {
  const words = useWords();
  const client = useQueryClient();
  const undo = useUndo();
  const path = `/api/v1/mailboxes/${mailbox.id}/dead`;
  const items = useGet<ItemsDeadView>(path).data?.items ?? [];
  const [trouble, attempt] = useTry();
  if (items.length === 0) return null;
  const retry = (list: typeof items) =>
    void attempt(async () => {
      for (const { copy } of list) await call(`${path}/${copy}/retry`, { method: "POST" });
      await client.invalidateQueries();
      undo.offer(words.desk.retried);
    });
  return (
    <div>
      <h3 className={styles.dead}>
        {words.desk.givenUp}
        {items.length > 1 ? (
          <Button size="xs" variant="default" onClick={() => retry(items)}>
            {words.desk.retryAll}
          </Button>
        ) : null}
      </h3>
      {trouble}
      <ul>
        {items.map((one) => (
          <li key={one.copy} className={styles.one}>
            <span>
              {[one.folder, `UID ${one.key}`, nameOf(words.reasons, one.reason), one.detail]
                .filter(Boolean)
                .join(" · ")}
            </span>
            <Button size="xs" variant="default" onClick={() => retry([one])}>
              {words.retry}
            </Button>
          </li>
        ))}
      </ul>
    </div>
  );
}
