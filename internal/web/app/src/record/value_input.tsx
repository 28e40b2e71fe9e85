import { NativeSelect, TextInput } from "@mantine/core";
import { useState } from "react";
import type { FieldView } from "../api/api";
import { KindChip } from "../look/badge";
import { nameOf, useTongue } from "../words/words";
import { labelOfField, useUsers } from "./folders";
import { Picker } from "./picker";
import styles from "./record.module.css";

interface Props {
  field: FieldView;
  value: string;
  set: (value: string) => void;
}

// ValueInput asks for one value of a field, outside of any record.
export function ValueInput({ field, value, set }: Props) {
  const tongue = useTongue();
  const users = useUsers();
  const label = labelOfField(field, tongue);
  if (field.type === "relation") return <Related field={field} label={label} value={value} set={set} />;
  const options = optionsOf(field, users, tongue.words.desk.choices);
  if (options) {
    return (
      <NativeSelect
        aria-label={label}
        value={value}
        data={[{ value: "", label: "–" }, ...options]}
        onChange={(event) => set(event.currentTarget.value)}
      />
    );
  }
  return (
    <TextInput
      aria-label={label}
      type={field.type === "date" ? "date" : "text"}
      value={value}
      onChange={(event) => set(event.currentTarget.value)}
    />
  );
}

function Related({ field, label, value, set }: Props & { label: string }) {
  const [name, setName] = useState("");
  if (value) {
    return (
      <button type="button" className={styles.picked} onClick={() => set("")}>
        <KindChip kind={field.to ?? "note"} name={name || value} />
      </button>
    );
  }
  return (
    <Picker
      label={label}
      kind={field.to ?? ""}
      pick={(id, found) => {
        setName(found);
        set(id);
      }}
    />
  );
}

// optionsOf are the values among which one chooses; null where anything can be
// written.
export function optionsOf(
  field: FieldView,
  users: Readonly<Record<string, string>>,
  names: Readonly<Record<string, string>>,
) {
  if (field.type === "user") return Object.entries(users).map(([value, label]) => ({ value, label }));
  if (field.type === "dropdown" && (field.choices?.length ?? 0) > 0) {
    return (field.choices ?? []).map((value) => ({ value, label: nameOf(names, value) }));
  }
  if (field.type === "checkbox") {
    return [
      { value: "true", label: "✓" },
      { value: "false", label: "✗" },
    ];
  }
  return null;
}
