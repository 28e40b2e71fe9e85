import { Button, NativeSelect, TextInput } from "@mantine/core";
import { useState } from "react";
import type { ExcludeInputBody, ItemsExclusion, TimelinePreview } from "../api/api";
import { call } from "../api/client";
import { useGet, useSend } from "../api/query";
import { useTry } from "../look/attempt";
import { Quiet, Section } from "../look/screen";
import { Preview } from "../why/preview";
import { useWords } from "../words/words";
import { Form } from "./asking";
import styles from "./settings.module.css";

type Effect = ExcludeInputBody["effect"];

const effects: readonly Effect[] = ["drop_participant", "drop_copy", "owner_only", "metadata_only", "never_store"];

// Exclusions keep mail away from timelines, from others, or from the store. What
// one would change is shown before it is made.
export function Exclusions() {
  const { desk } = useWords();
  const send = useSend();
  const [trouble, attempt] = useTry();
  const [pattern, setPattern] = useState("");
  const [effect, setEffect] = useState<Effect>("drop_participant");
  const [preview, setPreview] = useState<TimelinePreview | null>(null);
  const list = useGet<ItemsExclusion>("/api/v1/exclusions").data?.items ?? [];
  const body = { pattern, effect };
  const show = () =>
    attempt(async () => setPreview(await call<TimelinePreview>("/api/v1/exclusions/preview", { body })));
  const make = async () => {
    if (!(await attempt(() => send("/api/v1/exclusions", { body, said: desk.saved })))) return;
    setPattern("");
    setPreview(null);
  };
  return (
    <Section title={desk.tabs.privacy ?? ""} count={list.length}>
      {list.length === 0 ? <Quiet>{desk.noExclusions}</Quiet> : null}
      <ul className={styles.list}>
        {list.map((one) => (
          <li key={one.id}>
            <span>
              <strong>{one.pattern.replace(/^\w:/, "")}</strong>
            </span>
            <span className={styles.faint}>{desk.effects[one.effect] ?? one.effect}</span>
            <Button
              size="xs"
              variant="default"
              onClick={() =>
                void attempt(() => send(`/api/v1/exclusions/${one.id}`, { method: "DELETE", said: desk.removed }))
              }
            >
              {desk.remove}
            </Button>
          </li>
        ))}
      </ul>
      {trouble}
      <Form submit={() => void show()}>
        <TextInput
          label={desk.pattern}
          placeholder="bank.example"
          required
          value={pattern}
          onChange={(event) => {
            setPattern(event.currentTarget.value);
            setPreview(null);
          }}
        />
        <NativeSelect
          className={styles.sentence}
          label={desk.effect}
          value={effect}
          data={effects.map((value) => ({ value, label: desk.effects[value] ?? value }))}
          onChange={(event) => {
            setEffect(event.currentTarget.value as Effect);
            setPreview(null);
          }}
        />
        <Button type="submit" variant="default">
          {desk.preview}
        </Button>
      </Form>
      {preview ? (
        <div className={styles.pad}>
          <Preview preview={preview} />
          <Button onClick={() => void make()}>{desk.apply}</Button>
        </div>
      ) : null}
    </Section>
  );
}
