import { Button, TextInput } from "@mantine/core";
import { useState } from "react";
import type { EngineWhereabouts, ItemsDeadView } from "../api/api";
import { call, Refused } from "../api/client";
import { useGet, useSend } from "../api/query";
import type { Mailbox } from "../api/types";
import { Quiet, Screen } from "../look/screen";
import { MailboxCard } from "../mailbox/mailbox";
import { told } from "../record/field";
import { useHere } from "../shell/session";
import { nameOf, useWords } from "../words/words";
import styles from "./health_page.module.css";

// HealthPage is what became of every mail: the equation of each mailbox, the mail
// that was given up, and what became of one that somebody misses.
export function HealthPage() {
  const { desk, noMailboxText } = useWords();
  const { watched } = useHere();
  const list = watched.mailboxes ?? [];
  return (
    <Screen title={desk.health}>
      {watched.mailboxes && list.length === 0 ? <Quiet>{noMailboxText}</Quiet> : null}
      {list.map((mailbox) => (
        <section key={mailbox.id} className={styles.box} aria-label={mailbox.address}>
          <MailboxCard mailbox={mailbox} />
          <Where mailbox={mailbox} />
          <Dead mailbox={mailbox} />
        </section>
      ))}
    </Screen>
  );
}

function Where({ mailbox }: { mailbox: Mailbox }) {
  const words = useWords();
  const { desk } = words;
  const [id, setID] = useState("");
  const [said, setSaid] = useState<string | null>(null);
  const ask = async () => {
    const query = new URLSearchParams({ message_id: id.trim() });
    try {
      const at = await call<EngineWhereabouts>(`/api/v1/mailboxes/${mailbox.id}/where?${query}`);
      const reason = at.skip ?? at.dead;
      const parts = [nameOf(desk.whereabouts, at.state), at.folder, reason && nameOf(words.reasons, reason), at.detail];
      setSaid(parts.filter(Boolean).join(" · "));
    } catch (cause) {
      setSaid(cause instanceof Refused ? told(cause) : words.failed);
    }
  };
  return (
    <form
      className={styles.where}
      onSubmit={(event) => {
        event.preventDefault();
        void ask();
      }}
    >
      <TextInput
        className={styles.grow}
        label={desk.whereIs}
        placeholder="<message-id@host>"
        value={id}
        onChange={(event) => setID(event.currentTarget.value)}
      />
      <Button type="submit" variant="default" disabled={!id.trim()}>
        {desk.look}
      </Button>
      {said ? (
        <p className={styles.said} role="status">
          {said}
        </p>
      ) : null}
    </form>
  );
}

function Dead({ mailbox }: { mailbox: Mailbox }) {
  const words = useWords();
  const send = useSend();
  const path = `/api/v1/mailboxes/${mailbox.id}/dead`;
  const items = useGet<ItemsDeadView>(path).data?.items ?? [];
  if (items.length === 0) return null;
  return (
    <div>
      <h3 className={styles.dead}>{words.desk.givenUp}</h3>
      <ul>
        {items.map((one) => (
          <li key={one.copy} className={styles.one}>
            <span>
              {one.folder} · UID {one.key} · {nameOf(words.reasons, one.reason)} {one.detail}
            </span>
            <Button
              size="xs"
              variant="default"
              onClick={() => void send(`${path}/${one.copy}/retry`, { said: words.desk.retried })}
            >
              {words.retry}
            </Button>
          </li>
        ))}
      </ul>
    </div>
  );
}
