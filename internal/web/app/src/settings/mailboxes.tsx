import { Button } from "@mantine/core";
import type { ItemsMailboxView } from "../api/api";
import { useGet, useSend } from "../api/query";
import { useTry } from "../look/attempt";
import { Section } from "../look/screen";
import { Connect } from "../mailbox/connect";
import { MailboxSettings } from "../mailbox/settings";
import { nameOf, useWords } from "../words/words";
import styles from "./settings.module.css";

// MailboxTab connects mailboxes and lets them rest.
export function MailboxTab() {
  const words = useWords();
  const { desk } = words;
  const send = useSend();
  const [trouble, attempt] = useTry();
  const list = useGet<ItemsMailboxView>("/api/v1/mailboxes").data?.items ?? [];
  return (
    <>
      <Section title={words.mailboxes} count={list.length}>
        <ul className={styles.list}>
          {list.map((box) => (
            <li key={box.id}>
              <span>
                <strong>{box.address}</strong> <span className={styles.faint}>{box.server}</span>
              </span>
              <span className={styles.faint}>{nameOf(words.states, box.state)}</span>
              <Button
                size="xs"
                variant="default"
                onClick={() =>
                  void attempt(() =>
                    send(`/api/v1/mailboxes/${box.id}/${box.state === "paused" ? "resume" : "pause"}`, {
                      said: desk.saved,
                    }),
                  )
                }
              >
                {box.state === "paused" ? desk.resume : desk.pause}
              </Button>
              <Button
                size="xs"
                variant="default"
                onClick={() => void attempt(() => send(`/api/v1/mailboxes/${box.id}/sync`, { said: desk.looking }))}
              >
                {desk.lookNow}
              </Button>
              <MailboxSettings mailbox={box} />
            </li>
          ))}
        </ul>
        {trouble}
      </Section>
      <Section title={desk.connect}>
        <div className={styles.pad}>
          <Connect />
        </div>
      </Section>
    </>
  );
}
