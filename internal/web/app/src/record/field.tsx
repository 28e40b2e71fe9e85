import { NativeSelect, Textarea, TextInput } from "@mantine/core";
import { useState } from "react";
import type { FieldView, RecordView } from "../api/api";
import { useDrafts } from "../look/draft";
import { reasonFor } from "../look/trouble";
import { nameOf, useTongue } from "../words/words";
import { FileValue } from "./file_value";
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
// is written shows at once; when the server refuses it, the input comes back
// with what was typed and what was said of it. Words that are not stored yet
// outlive the page.
export function FieldLine({ field, record, save }: Props) {
  const tongue = useTongue();
  const key = draftKey(record, field);
  const drafts = useDrafts();
  const [open, setOpen] = useState(() => drafts.read(key) !== undefined);
  const [refused, setRefused] = useState<string | null>(null);
  const [hoped, setHoped] = useState<Record<string, unknown> | null>(null);
  const label = labelOfField(field, tongue);
  const shown = hoped ? { ...record, values: { ...record.values, ...hoped } } : record;
  const hope = async (values: Record<string, unknown>) => {
    setHoped(values);
    setOpen(false);
    try {
      await save(values);
      setRefused(null);
    } catch (cause) {
      setRefused(reasonFor(cause, tongue.words));
      setOpen(true);
      throw cause;
    } finally {
      setHoped(null);
    }
  };
  const leave = () => {
    setRefused(null);
    setOpen(false);
  };
  return (
    <div className={styles.field} data-field={field.key}>
      <dt>{label}</dt>
      <dd>
        {field.type === "relation" ? (
          <Relation field={field} record={record} save={save} />
        ) : field.type === "file" ? (
          <FileValue field={field} record={record} save={save} />
        ) : open ? (
          <FieldInput field={field} record={record} label={label} save={hope} refused={refused} done={leave} />
        ) : (
          <FieldText field={field} record={shown} label={label} edit={() => setOpen(true)} />
        )}
      </dd>
    </div>
  );
}

const draftKey = (record: RecordView, field: FieldView) => `field:${record.id}:${field.key}`;

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
  refused?: string | null; // what was said of what stands here
  done: () => void;
}

const inputs: Readonly<Record<string, string>> = { date: "date", datetime: "datetime-local" };

// FieldInput writes on Enter and on leaving; Escape leaves the value as it was.
export function FieldInput({ field, record, label, save, refused = null, done }: InputProps) {
  const { tag, words } = useTongue();
  const users = useUsers();
  const options = field.many ? null : optionsOf(field, users, words.desk.choices);
  const key = draftKey(record, field);
  const drafts = useDrafts();
  const [draft, setText] = useState(() => drafts.read<string>(key) ?? draftOf(field, record));
  const [trouble, setTrouble] = useState<string | null>(refused);
  const setDraft = (text: string) => {
    drafts.keep(key, text);
    setText(text);
    setTrouble(null);
  };
  const leave = () => {
    drafts.drop(key);
    done();
  };
  const [busy, setBusy] = useState(false);
  const [begun, setBegun] = useState(() => draftOf(field, record)); // what stood here
  const write = async (text: string) => {
    if (busy) return;
    const now = draftOf(field, record);
    if (text === now) return leave();
    // What somebody wrote meanwhile is replaced by those only who have seen it.
    if (now !== begun && !options) {
      setBegun(now);
      return setTrouble(words.desk.meanwhile(readable(field, record, tag, users) || "–"));
    }
    setBusy(true);
    try {
      await save({ [field.key]: written(field, text, record) });
      drafts.drop(key);
      done();
    } catch (cause) {
      setTrouble(reasonFor(cause, words));
      setBusy(false);
    }
  };
  const keys = (event: React.KeyboardEvent) => {
    if (event.key === "Escape") leave();
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      void write(draft);
    }
  };
  const common = { "aria-label": label, autoFocus: true, error: trouble, onKeyDown: keys, size: "sm" as const };
  if (options) {
    return (
      <NativeSelect
        {...common}
        data={[{ value: "", label: "–" }, ...options]}
        value={draft}
        onBlur={() => trouble === null && leave()}
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
      type={inputs[field.type] ?? "text"}
      value={draft}
      onChange={(event: React.ChangeEvent<HTMLInputElement | HTMLTextAreaElement>) =>
        setDraft(event.currentTarget.value)
      }
      onBlur={() => trouble === null && void write(draft)}
    />
  );
}
