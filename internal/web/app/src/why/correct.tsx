import { Button, NativeSelect } from "@mantine/core";
import { useEffect, useState } from "react";
import type { CorrectionBody, TimelinePreview } from "../api/api";
import { call } from "../api/client";
import { useSend } from "../api/query";
import { reasonFor } from "../look/trouble";
import { useWords } from "../words/words";
import { Preview } from "./preview";
import styles from "./why.module.css";

type Scope = NonNullable<CorrectionBody["scope"]>;

interface Props {
  message: string;
  change: Omit<CorrectionBody, "scope">;
  scopes: readonly Scope[];
  close: () => void;
}

// Correct does one correction, for as much as the reader chooses, and shows first
// what that would change.
export function Correct({ message, change, scopes, close }: Props) {
  const words = useWords();
  const { desk } = words;
  const send = useSend();
  const [scope, setScope] = useState<Scope>(scopes[0] ?? "thread");
  const [preview, setPreview] = useState<TimelinePreview | null>(null);
  const [trouble, setTrouble] = useState<string | null>(null);
  const path = `/api/v1/messages/${message}/links`;
  const { effect, record, instead } = change;
  useEffect(() => {
    const mine = new AbortController();
    const body = { effect, record, instead, scope };
    setPreview(null);
    setTrouble(null);
    call<TimelinePreview>(`${path}/preview`, { body, signal: mine.signal }).then(setPreview, (cause) => {
      if (!mine.signal.aborted) setTrouble(reasonFor(cause, words));
    });
    return () => mine.abort();
  }, [path, effect, record, instead, scope, words]);
  const apply = async () => {
    try {
      await send(path, { body: { effect, record, instead, scope }, said: desk.corrected });
      close();
    } catch (cause) {
      setTrouble(reasonFor(cause, words));
    }
  };
  return (
    <div className={styles.correction}>
      <NativeSelect
        size="xs"
        aria-label={desk.forWhat}
        value={scope}
        data={scopes.map((value) => ({ value, label: desk.scopes[value] ?? value }))}
        onChange={(event) => setScope(event.currentTarget.value as Scope)}
      />
      {preview ? <Preview preview={preview} /> : null}
      {trouble ? (
        <p className={styles.trouble} role="alert">
          {trouble}
        </p>
      ) : null}
      <div className={styles.buttons}>
        <Button size="xs" disabled={!preview} onClick={() => void apply()}>
          {desk.apply}
        </Button>
        <Button size="xs" variant="default" onClick={close}>
          {desk.cancel}
        </Button>
      </div>
    </div>
  );
}
