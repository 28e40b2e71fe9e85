import { Button, Checkbox, Textarea } from "@mantine/core";
import { useState } from "react";
import type { MailboxView } from "../api/api";
import { useSend } from "../api/query";
import { useTry } from "../look/attempt";
import { useSaid } from "../words/catalogue";
import { useWords } from "../words/words";
import styles from "./connect.module.css";
import { said } from "./words";

// MailboxSettings says which addresses are its owner's, and of Gmail which of the
// old mail is wanted. Both are kept together or not at all.
export function MailboxSettings({ mailbox }: { mailbox: MailboxView }) {
  const its = useSaid(said);
  const { desk } = useWords();
  const send = useSend();
  const [trouble, attempt] = useTry();
  const [own, setOwn] = useState((mailbox.aliases ?? []).join("\n"));
  const [known, setKnown] = useState(mailbox.known_only ?? false);
  const body = { aliases: addresses(own), ...(mailbox.kind === "gmail" ? { known_only: known } : {}) };
  const save = () =>
    attempt(() => send(`/api/v1/mailboxes/${mailbox.id}`, { method: "PATCH", body, said: desk.saved }));
  return (
    <details className={styles.own}>
      <summary>{its.what}</summary>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <Textarea
          label={its.own}
          description={its.ownText}
          autosize
          minRows={2}
          spellCheck={false}
          value={own}
          onChange={(event) => setOwn(event.currentTarget.value)}
        />
        {mailbox.kind === "gmail" ? (
          <Checkbox
            label={its.knownOnly}
            description={its.knownText}
            checked={known}
            onChange={(event) => setKnown(event.currentTarget.checked)}
          />
        ) : null}
        {trouble}
        <div className={styles.end}>
          <Button type="submit">{desk.save}</Button>
        </div>
      </form>
    </details>
  );
}

// addresses are those of a list with one on each line, or between commas.
function addresses(text: string): string[] {
  return text.split(/[\s,;]+/).filter(Boolean);
}
