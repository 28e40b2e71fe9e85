import { Button, NativeSelect, TextInput } from "@mantine/core";
import { useState } from "react";
import { useSend } from "../api/query";
import { useDraft } from "../look/draft";
import { reasonFor } from "../look/trouble";
import { useWords } from "../words/words";
import styles from "./record.module.css";

const nothing = { kind: "note", text: "", due: "" };

// NewActivity writes a note or a task about a record. What was typed stays until
// it is stored, through a lost network and a reload.
export function NewActivity({ record }: { record: string }) {
  const words = useWords();
  const send = useSend();
  const [draft, set, done] = useDraft(`activity:${record}`, nothing);
  const { kind, text, due } = draft;
  const [trouble, setTrouble] = useState<string | null>(null);
  const write = async () => {
    if (!text.trim()) return;
    const values =
      kind === "note"
        ? { text, records: [record] }
        : { title: text, due: due || null, records: [record], status: "todo" };
    try {
      await send(`/api/v1/${kind}s`, { body: { values }, said: words.desk.saved });
      done();
      setTrouble(null);
    } catch (cause) {
      setTrouble(reasonFor(cause, words));
    }
  };
  return (
    <form
      className={styles.activity}
      onSubmit={(event) => {
        event.preventDefault();
        void write();
      }}
    >
      <NativeSelect
        aria-label={words.desk.what}
        value={kind}
        onChange={(event) => set({ ...draft, kind: event.currentTarget.value })}
        data={["note", "task"].map((value) => ({ value, label: words.desk.timelineKinds[value] ?? value }))}
      />
      <TextInput
        className={styles.grow}
        aria-label={words.desk.newActivity}
        placeholder={words.desk.newActivity}
        value={text}
        error={trouble}
        onChange={(event) => set({ ...draft, text: event.currentTarget.value })}
      />
      {kind === "task" ? (
        <TextInput
          type="date"
          aria-label={words.desk.fields.due}
          value={due}
          onChange={(event) => set({ ...draft, due: event.currentTarget.value })}
        />
      ) : null}
      <Button type="submit">{words.desk.save}</Button>
    </form>
  );
}
