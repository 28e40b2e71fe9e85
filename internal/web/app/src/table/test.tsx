import { useId, useState } from "react";
import type { FieldView, FolderView, QueryMeaning } from "../api/api";
import { useGet, withQuery } from "../api/query";
import { KindChip } from "../look/badge";
import { Sign } from "../look/sign";
import { labelOfField, shownFields, useFolders, useUsers } from "../record/folders";
import { useNames } from "../record/names";
import { Picker } from "../record/picker";
import { useSaid } from "../words/catalogue";
import { nameOf, type Tongue, useTongue } from "../words/words";
import { type Condition, valueless } from "./expr";
import styles from "./filter.module.css";
import { said } from "./words";

interface Props {
  test: Condition;
  folder: FolderView;
  change: (test: Condition) => void;
  drop: () => void;
}

// Test is one condition: a field, a comparison, values. What may stand in each
// place is what the server would propose there.
export function Test({ test, folder, change, drop }: Props) {
  const its = useSaid(said);
  const tongue = useTongue();
  const ops = useProposed(folder, `${test.field} `);
  const field = fieldOf(folder, useFolders(), test.field);
  return (
    <div className={styles.test}>
      <FieldChoice folder={folder} field={test.field} change={(key) => change({ field: key, op: "", values: [] })} />
      <select
        aria-label={its.op}
        value={test.op}
        onChange={(event) => change({ ...test, op: event.currentTarget.value })}
      >
        <option value="" />
        {[...new Set([...ops, ...(test.op ? [test.op] : [])])].map((op) => (
          <option key={op} value={op}>
            {nameOf(its.ops, op)}
          </option>
        ))}
      </select>
      {test.op === "" || valueless(test.op) ? null : (
        <Values
          key={`${test.field} ${test.op} ${test.values?.join()}`}
          test={test}
          folder={folder}
          field={field}
          label={field ? labelOfField(field, tongue) : test.field}
          change={change}
        />
      )}
      <button type="button" className={styles.drop} aria-label={its.drop} title={its.drop} onClick={drop}>
        <Sign name="close" />
      </button>
    </div>
  );
}

// useProposed is how a query goes on behind these words.
function useProposed(folder: FolderView, behind: string): readonly string[] {
  const path = withQuery("/api/v1/query/check", { q: `${folder.plural} where ${behind}` });
  return useGet<QueryMeaning>(path).data?.complete.words ?? [];
}

function fieldOf(folder: FolderView, folders: readonly FolderView[], key: string): FieldView | undefined {
  const [relation, inner] = key.split(".");
  const field = folder.fields?.find((one) => one.key === relation);
  if (!inner) return field;
  return folders.find((one) => one.kind === field?.to)?.fields?.find((one) => one.key === inner);
}

interface ChoiceProps {
  folder: FolderView;
  field: string;
  change: (key: string) => void;
}

// FieldChoice offers fields of the record, what is computed, and fields of the
// records to which it points.
function FieldChoice({ folder, field, change }: ChoiceProps) {
  const its = useSaid(said);
  const tongue = useTongue();
  const folders = useFolders();
  const own = shownFields(folder);
  const words = useProposed(folder, "").filter((word) => /^[a-z]/.test(word) && word !== "not");
  const computed = words.filter((word) => !folder.fields?.some((one) => one.key === word));
  const relations = own.filter((one) => one.type === "relation" && one.to);
  return (
    <select aria-label={its.field} value={field} onChange={(event) => change(event.currentTarget.value)}>
      {own.map((one) => (
        <option key={one.key} value={one.key}>
          {labelOfField(one, tongue)}
        </option>
      ))}
      {computed.map((key) => (
        <option key={key} value={key}>
          {nameOf(tongue.words.desk.fields, key)}
        </option>
      ))}
      {relations.map((relation) => (
        <optgroup key={relation.key} label={labelOfField(relation, tongue)}>
          {innerOf(relation, folders, tongue).map(([key, label]) => (
            <option key={key} value={key}>
              {label}
            </option>
          ))}
        </optgroup>
      ))}
    </select>
  );
}

function innerOf(relation: FieldView, folders: readonly FolderView[], tongue: Tongue): [string, string][] {
  const to = folders.find((one) => one.kind === relation.to);
  const inner = to ? shownFields(to).filter((one) => one.type !== "relation") : [];
  return inner.map((one) => [
    `${relation.key}.${one.key}`,
    `${labelOfField(relation, tongue)} › ${labelOfField(one, tongue)}`,
  ]);
}

interface ValuesProps {
  test: Condition;
  folder: FolderView;
  field: FieldView | undefined;
  label: string;
  change: (test: Condition) => void;
}

const several = new Set(["in", "not in", "has"]);

// Values are written on Enter and on leaving; several are parted by commas.
function Values({ test, folder, field, label, change }: ValuesProps) {
  const list = useId();
  const tongue = useTongue();
  const users = useUsers();
  const proposed = useProposed(folder, `${test.field} ${test.op} `).map((word) => word.replaceAll('"', ""));
  const many = several.has(test.op);
  const values = test.values ?? [];
  const [draft, setDraft] = useState(many ? [values.join(", ")] : test.op === "between" ? values : [values[0] ?? ""]);
  const set = (next: readonly string[]) => {
    const split = many ? (next[0] ?? "").split(",").map((one) => one.trim()) : [...next];
    if (split.join("\n") !== values.join("\n")) change({ ...test, values: split });
  };
  if (field?.type === "relation" && !test.field.includes(".")) {
    return <Pointed label={label} kind={field.to ?? ""} ids={values} set={(ids) => change({ ...test, values: ids })} />;
  }
  const choices = field && ["dropdown", "user", "checkbox"].includes(field.type) ? proposed : [];
  if (choices.length > 0 && !many) {
    return (
      <select
        aria-label={label}
        value={values[0] ?? ""}
        onChange={(event) => change({ ...test, values: [event.currentTarget.value] })}
      >
        <option value="" />
        {[...new Set([...choices, ...values])].map((choice) => (
          <option key={choice} value={choice}>
            {users[choice] ?? nameOf(tongue.words.desk.choices, choice)}
          </option>
        ))}
      </select>
    );
  }
  const parts = test.op === "between" ? [0, 1] : [0];
  return parts
    .map((at) => (
      <input
        key={at}
        aria-label={label}
        list={list}
        value={draft[at] ?? ""}
        onChange={(event) => {
          const next = [...draft];
          next[at] = event.currentTarget.value;
          setDraft(next);
          if (proposed.includes(event.currentTarget.value) && !many) set(next);
        }}
        onBlur={() => set(draft)}
        onKeyDown={(event) => event.key === "Enter" && set(draft)}
      />
    ))
    .concat(
      <datalist key="list" id={list}>
        {proposed.map((word) => (
          <option key={word} value={word} />
        ))}
      </datalist>,
    );
}

interface PointedProps {
  label: string;
  kind: string;
  ids: readonly string[];
  set: (ids: string[]) => void;
}

function Pointed({ label, kind, ids, set }: PointedProps) {
  const names = useNames(ids);
  return (
    <span className={styles.pointed}>
      {ids.map((id) => (
        <button key={id} type="button" onClick={() => set(ids.filter((one) => one !== id))}>
          <KindChip kind={kind} name={names[id] ?? id} />
        </button>
      ))}
      <Picker label={label} kind={kind} pick={(id) => set([...ids, id])} />
    </span>
  );
}
