import { Button, Modal, TextInput } from "@mantine/core";
import { useState } from "react";
import type { FolderView, RecordView } from "../api/api";
import { useSend } from "../api/query";
import { reasonFor } from "../look/trouble";
import { apiOf, hrefOfRecord } from "../record/folders";
import { go } from "../route";
import { useHere } from "../shell/session";
import { useWords } from "../words/words";
import styles from "./table.module.css";

interface Props {
  folder: FolderView;
  values?: Readonly<Record<string, string>>; // that it begins with
  open: boolean;
  close: () => void;
}

// NewRecord makes a record by its name and opens it: the rest is edited there.
export function NewRecord({ folder, values: its = {}, open, close }: Props) {
  const words = useWords();
  const { user } = useHere();
  const send = useSend();
  const [name, setName] = useState("");
  const [trouble, setTrouble] = useState<string | null>(null);
  const title = folder.fields?.some((field) => field.key === "name") ? "name" : "title";
  const owned = folder.fields?.some((field) => field.key === "owner");
  const make = async () => {
    try {
      const values = { ...its, [title]: name, ...(owned ? { owner: user.id } : {}) };
      const made = await send<RecordView>(apiOf(folder), { body: { values }, said: words.desk.created });
      close();
      go(hrefOfRecord(made.id));
    } catch (cause) {
      setTrouble(reasonFor(cause, words));
    }
  };
  return (
    <Modal opened={open} onClose={close} title={words.desk.create} lockScroll={false} centered>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          void make();
        }}
      >
        <TextInput
          data-autofocus
          label={words.desk.fields.name}
          value={name}
          error={trouble}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Button type="submit">{words.desk.create}</Button>
      </form>
    </Modal>
  );
}
