import { memo, type ReactNode, useMemo } from "react";
import type { FieldView, RecordView } from "../api/api";
import { KindLink } from "../look/badge";
import { Anchor } from "../look/link";
import { FieldInput } from "../record/field";
import { hrefOfRecord, labelOfField, titleOf, useUsers } from "../record/folders";
import { useKindOf } from "../record/kinds";
import { useStageName } from "../record/pipelines";
import { idsOf, readable } from "../record/value";
import { nameOf, type Tongue, useTongue } from "../words/words";
import styles from "./table.module.css";

// Reading is what it takes to show values, looked up once for the whole table.
export interface Reading {
  tongue: Tongue;
  users: Readonly<Record<string, string>>;
  kindOf: (id: string) => string;
  stageName: (key: string, pipeline?: string) => string;
}

export function useReading(): Reading {
  const tongue = useTongue();
  const users = useUsers();
  const kindOf = useKindOf();
  const stageName = useStageName();
  return useMemo(() => ({ tongue, users, kindOf, stageName }), [tongue, users, kindOf, stageName]);
}

interface Props {
  record: RecordView;
  fields: readonly FieldView[];
  names: Readonly<Record<string, string>>;
  reading: Reading;
  index: number;
  start: number;
  chosen: boolean;
  turn: (id: string) => void;
  open: number; // the column that is edited, or -1
  save: ((values: Record<string, unknown>) => Promise<unknown>) | undefined;
  done: () => void;
}

// Row is drawn anew only when something of it changed: a table that scrolls
// draws the rows that come, and no other.
export const Row = memo(RowOnce, (a, b) => {
  if (a.open >= 0 || b.open >= 0) return false;
  return (
    a.record === b.record &&
    a.fields === b.fields &&
    a.reading === b.reading &&
    a.index === b.index &&
    a.start === b.start &&
    a.chosen === b.chosen &&
    a.turn === b.turn &&
    sameNames(a, b)
  );
});

// sameNames: the names of other pages may come and go.
function sameNames(a: Props, b: Props): boolean {
  if (a.names === b.names) return true;
  return a.fields.every(
    ({ type, key }) =>
      type !== "relation" || idsOf(a.record.values[key]).every((id) => a.names[id] === b.names[id] || !b.names[id]),
  );
}

function RowOnce(props: Props) {
  const { record, fields, reading, index, start, chosen, turn, open, save, done } = props;
  return (
    <div
      className={styles.row}
      role="row"
      tabIndex={-1}
      aria-rowindex={index + 2}
      aria-selected={chosen}
      data-open={open >= 0}
      style={{ insetBlockStart: start }}
    >
      <div role="gridcell" className={styles.pick} tabIndex={-1}>
        <input
          type="checkbox"
          tabIndex={-1}
          aria-label={titleOf(record)}
          checked={chosen}
          onChange={() => turn(record.id)}
        />
      </div>
      {fields.map((field, column) => (
        <div
          key={field.key}
          role="gridcell"
          className={styles.cell}
          data-cell={`${index}:${column}`}
          data-money={field.money !== undefined}
          tabIndex={index === 0 && column === 0 ? 0 : -1}
        >
          {column === open && save ? (
            <FieldInput
              key={record.id}
              field={field}
              record={record}
              label={labelOfField(field, reading.tongue)}
              save={save}
              done={done}
            />
          ) : column === 0 ? (
            <Anchor href={hrefOfRecord(record.id)} tabIndex={-1}>
              {titleOf(record)}
            </Anchor>
          ) : (
            content(field, props)
          )}
        </div>
      ))}
    </div>
  );
}

function content(field: FieldView, { record, names, reading }: Props): ReactNode {
  const { tongue, users, kindOf, stageName } = reading;
  if (field.type === "relation") {
    const [id, ...others] = idsOf(record.values[field.key]);
    if (!id) return null;
    return (
      <>
        <KindLink href={hrefOfRecord(id)} kind={kindOf(id)} name={names[id] ?? "…"} />
        {others.length > 0 ? <span className={styles.others}>+{others.length}</span> : null}
      </>
    );
  }
  const value = record.values[field.key];
  if (field.key === "stage" && value) return stageName(String(value), String(record.values.pipeline ?? ""));
  if (field.type === "dropdown" && typeof value === "string") {
    return nameOf(tongue.words.desk.choices, value);
  }
  return readable(field, record, tongue.tag, users);
}
