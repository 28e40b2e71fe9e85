import { useState } from "react";
import type { FieldView, RecordView } from "../api/api";
import { useTry } from "../look/attempt";
import { Sign } from "../look/sign";
import { useTongue } from "../words/words";
import { labelOfField } from "./folders";
import { Names } from "./names";
import { Picker } from "./picker";
import styles from "./record.module.css";
import { idsOf } from "./value";

interface Props {
  field: FieldView;
  record: RecordView;
  save: (values: Record<string, unknown>) => Promise<unknown>;
}

// Relation shows to which records a field points, and changes that: one is found
// by its name, one is taken off by its cross.
export function Relation({ field, record, save }: Props) {
  const tongue = useTongue();
  const { desk } = tongue.words;
  const [open, setOpen] = useState(false);
  const [trouble, attempt] = useTry();
  const ids = idsOf(record.values[field.key]);
  const label = labelOfField(field, tongue);
  const write = async (next: readonly string[]) => {
    const value = field.many ? next : (next.at(-1) ?? null);
    if (await attempt(() => save({ [field.key]: value }))) setOpen(false);
  };
  return (
    <div className={styles.relation}>
      <Names ids={ids} {...(open ? { drop: (id: string) => void write(ids.filter((one) => one !== id)) } : {})} />
      {field.system ? null : (
        <button
          type="button"
          className={styles.pen}
          aria-label={desk.edit(label)}
          aria-expanded={open}
          onClick={() => setOpen(!open)}
        >
          <Sign name={open ? "close" : ids.length > 0 && !field.many ? "pen" : "plus"} />
        </button>
      )}
      {open ? (
        <Picker
          label={label}
          kind={field.to ?? ""}
          autoFocus
          leave={() => setOpen(false)}
          pick={(id) => void write(field.many ? [...ids.filter((one) => one !== id), id] : [id])}
        />
      ) : null}
      {trouble}
    </div>
  );
}
