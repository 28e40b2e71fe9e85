import { Button, NativeSelect } from "@mantine/core";
import { useState } from "react";
import type { CorrectionBody, TimelinePreview, TimelineReason } from "../api/api";
import { call, Refused } from "../api/client";
import { useSend } from "../api/query";
import { told } from "../record/field";
import { useWords } from "../words/words";
import styles from "./why.module.css";

type Scope = NonNullable<CorrectionBody["scope"]>;

const scopes: readonly Scope[] = ["thread", "message", "address", "domain"];

// Correction takes a mail off a record, for as much as the reader chooses, and
// shows first what else that would change.
export function Correction({ message, link }: { message: string; link: TimelineReason }) {
  const words = useWords();
  const { desk } = words;
  const send = useSend();
  const [open, setOpen] = useState(false);
  const [scope, setScope] = useState<Scope>("thread");
  const [preview, setPreview] = useState<TimelinePreview | null>(null);
  const [trouble, setTrouble] = useState<string | null>(null);
  const path = `/api/v1/messages/${message}/links`;
  const attempt = async (act: () => Promise<void>) => {
    setTrouble(null);
    try {
      await act();
    } catch (cause) {
      setTrouble(cause instanceof Refused ? told(cause) : words.failed);
    }
  };
  const body = (to: Scope) => ({ effect: "never", record: link.record, scope: to });
  const show = (to: Scope) =>
    attempt(async () => {
      setScope(to);
      setPreview(null);
      setPreview(await call<TimelinePreview>(`${path}/preview`, { body: body(to) }));
    });
  const apply = () =>
    attempt(async () => {
      await send(path, { body: body(scope), said: desk.corrected });
      setOpen(false);
    });
  if (!open) {
    return (
      <Button
        size="xs"
        variant="default"
        onClick={() => {
          setOpen(true);
          void show(scope);
        }}
      >
        {desk.wrong}
      </Button>
    );
  }
  return (
    <div className={styles.correction}>
      <NativeSelect
        size="xs"
        aria-label={desk.forWhat}
        value={scope}
        data={scopes.map((value) => ({ value, label: desk.scopes[value] ?? value }))}
        onChange={(event) => void show(event.currentTarget.value as Scope)}
      />
      {preview ? <Preview preview={preview} /> : null}
      {trouble ? <p className={styles.trouble}>{trouble}</p> : null}
      <div className={styles.buttons}>
        <Button size="xs" disabled={!preview} onClick={() => void apply()}>
          {desk.apply}
        </Button>
        <Button size="xs" variant="default" onClick={() => setOpen(false)}>
          {desk.cancel}
        </Button>
      </div>
    </div>
  );
}

// Preview says what a correction or an exclusion would change.
export function Preview({ preview }: { preview: TimelinePreview }) {
  const { desk } = useWords();
  return (
    <div className={styles.preview}>
      <p>{desk.wouldChange(preview.changed)}</p>
      <ul>
        {(preview.records ?? []).slice(0, 5).map((shift) => (
          <li key={shift.record}>
            {shift.name}: +{shift.gained} −{shift.lost}
          </li>
        ))}
      </ul>
    </div>
  );
}
