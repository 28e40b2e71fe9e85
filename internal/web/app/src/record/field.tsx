import { NativeSelect, Textarea, TextInput } from "@mantine/core";
import { useState } from "react";
import type { FieldView, RecordView } from "../api/api";
import { Refused } from "../api/client";
import { nameOf, useTongue } from "../words/words";
import { labelOfField, useUsers } from "./folders";
import styles from "./record.module.css";
import { Relation } from "./relation";
import { draftOf, editable, readable, written } from "./value";
import { optionsOf } from "./value_input";

interface Props {
  field: FieldView;
  record: RecordView;
  save: (values: Record<string, unknown>) => Promise<unknown>;
}

// FieldLine is one field of a record; a click or Enter makes an input of it. What
// was typed stays when the server refuses it, with what it said.
export function FieldLine({ field, record, save }: Props) {
  const tongue = useTongue();
  const [open, setOpen] = useState(false);
  const label = labelOfField(field, tongue);
  return (
    <div className={styles.field} data-field={field.key}>
      <dt>{label}</dt>
      <dd>
        {field.type === "relation" ? (
          <Relation field={field} record={record} save={save} />
        ) : open ? (
          <FieldInput field={field} record={record} label={label} save={save} done={() => setOpen(false)} />
        ) : (
          <FieldText field={field} record={record} label={label} edit={() => setOpen(true)} />
        )}
      </dd>
    </div>
  );
}

function FieldText({ field, record, label, edit }: Omit<Props, "save"> & { label: string; edit: () => void }) {
  const { tag, words } = useTongue();
  const users = useUsers();
  const said =
    field.type === "dropdown" ? choice(words.desk.choices, field, record) : readable(field, record, tag, users);
  if (!editable(field)) return <span className={styles.fixed}>{said || "–"}</span>;
  return (
    <button
      type="button"
      className={styles.value}
      aria-label={`${words.desk.edit(label)}, ${said || words.desk.add}`}
      onClick={edit}
    >
      {said || <span className={styles.none}>{words.desk.add}</span>}
    </button>
  );
}

const choice = (names: Readonly<Record<string, string>>, field: FieldView, record: RecordView) => {
  const value = record.values[field.key];
  return value ? nameOf(names, String(value)) : "";
};

interface InputProps extends Props {
  label: string;
  done: () => void;
}

// FieldInput writes on Enter and on leaving; Escape leaves the value as it was.
export function FieldInput({ field, record, label, save, done }: InputProps) {
  const { words } = useTongue();
  const users = useUsers();
  const [draft, setDraft] = useState(() => draftOf(field, record));
  const [trouble, setTrouble] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const write = async (text: string) => {
    if (busy) return;
    if (text === draftOf(field, record)) return done();
    setBusy(true);
    try {
      await save({ [field.key]: written(field, text, record) });
      done();
    } catch (cause) {
      setTrouble(cause instanceof Refused ? told(cause) : words.failed);
      setBusy(false);
    }
  };
  const keys = (event: React.KeyboardEvent) => {
    if (event.key === "Escape") done();
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      void write(draft);
    }
  };
  const options = field.many ? null : optionsOf(field, users, words.desk.choices);
  const common = { "aria-label": label, autoFocus: true, error: trouble, onKeyDown: keys, size: "sm" as const };
  if (options) {
    return (
      <NativeSelect
        {...common}
        data={[{ value: "", label: "–" }, ...options]}
        value={draft}
        onBlur={() => trouble === null && done()}
        onChange={(event) => {
          setDraft(event.currentTarget.value);
          void write(event.currentTarget.value);
        }}
      />
    );
  }
  const Box = field.type === "long_text" ? Textarea : TextInput;
  return (
    <Box
      {...common}
      type={field.type === "date" ? "date" : "text"}
      value={draft}
      onChange={(event: React.ChangeEvent<HTMLInputElement | HTMLTextAreaElement>) =>
        setDraft(event.currentTarget.value)
      }
      onBlur={() => void write(draft)}
    />
  );
}

// told is what the server said and what it advises.
export function told(cause: Refused): string {
  const { detail, title, hint } = cause.problem;
  return [detail || title, hint].filter(Boolean).join(" – ");
}
