import { Button, NativeSelect, TextInput } from "@mantine/core";
import { useState } from "react";
import { Refused } from "../api/client";
import { useSend } from "../api/query";
import { useWords } from "../words/words";
import { told } from "./field";
import styles from "./record.module.css";

// NewActivity writes a note or a task about a record. What was typed stays until
// it is stored.
export function NewActivity({ record }: { record: string }) {
  const words = useWords();
  const send = useSend();
  const [kind, setKind] = useState("note");
  const [text, setText] = useState("");
  const [due, setDue] = useState("");
  const [trouble, setTrouble] = useState<string | null>(null);
  const write = async () => {
    if (!text.trim()) return;
    const values =
      kind === "note"
        ? { text, records: [record] }
        : { title: text, due: due || null, records: [record], status: "todo" };
    try {
      await send(`/api/v1/${kind}s`, { body: { values }, said: words.desk.saved });
      setText("");
      setTrouble(null);
    } catch (cause) {
      setTrouble(cause instanceof Refused ? told(cause) : words.failed);
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
        onChange={(event) => setKind(event.currentTarget.value)}
        data={["note", "task"].map((value) => ({ value, label: words.desk.timelineKinds[value] ?? value }))}
      />
      <TextInput
        className={styles.grow}
        aria-label={words.desk.newActivity}
        placeholder={words.desk.newActivity}
        value={text}
        error={trouble}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      {kind === "task" ? (
        <TextInput
          type="date"
          aria-label={words.desk.fields.due}
          value={due}
          onChange={(event) => setDue(event.currentTarget.value)}
        />
      ) : null}
      <Button type="submit">{words.desk.save}</Button>
    </form>
  );
}
