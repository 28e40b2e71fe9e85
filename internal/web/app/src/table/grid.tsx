import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import type { FieldView, FolderView, RecordView } from "../api/api";
import { useSend } from "../api/query";
import { Anchor } from "../look/link";
import { FieldInput, idsOf } from "../record/field";
import { apiOf, hrefOfRecord, labelOfField, titleOf, useUsers } from "../record/folders";
import { Names } from "../record/names";
import { editable, readable } from "../record/value";
import { nameOf, useTongue } from "../words/words";
import styles from "./table.module.css";

interface Props {
  folder: FolderView;
  fields: readonly FieldView[];
  rows: readonly RecordView[];
  order: string; // the query, of which the order is a part
  sort: (query: string) => void;
  more: (() => void) | undefined;
}

const rowHeight = 38;

// Grid shows only the rows that can be seen, and asks for more before they are
// needed. Arrows move between cells, Enter or F2 edits, and of a name it opens.
export function Grid({ folder, fields, rows, order, sort, more }: Props) {
  const tongue = useTongue();
  const box = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: () => rowHeight,
    overscan: 12,
  });
  const seen = virtual.getVirtualItems();
  const last = seen.at(-1)?.index ?? 0;
  useEffect(() => {
    if (more && last > rows.length - 30) more();
  }, [more, last, rows.length]);
  const template = {
    gridTemplateColumns: `var(--first) repeat(${Math.max(0, fields.length - 1)}, minmax(var(--other), 1fr))`,
    minInlineSize: `calc(var(--first) + ${Math.max(0, fields.length - 1)} * var(--other))`,
  };
  return (
    <div
      className={styles.grid}
      ref={box}
      role="grid"
      aria-rowcount={rows.length + 1}
      onKeyDown={moveCell}
      tabIndex={-1}
    >
      <div className={styles.headRow} role="row" style={template} aria-rowindex={1} tabIndex={-1}>
        {fields.map((field) => (
          <Head
            key={field.key}
            folder={folder}
            field={field}
            order={order}
            sort={sort}
            label={labelOfField(field, tongue)}
          />
        ))}
      </div>
      <div className={styles.body} style={{ blockSize: virtual.getTotalSize() }}>
        {seen.map((item) => {
          const record = rows[item.index];
          return record ? (
            <div
              key={record.id}
              className={styles.row}
              role="row"
              tabIndex={-1}
              aria-rowindex={item.index + 2}
              style={{ ...template, transform: `translateY(${item.start}px)` }}
            >
              {fields.map((field, column) => (
                <Cell key={field.key} folder={folder} field={field} record={record} row={item.index} column={column} />
              ))}
            </div>
          ) : null;
        })}
      </div>
    </div>
  );
}

interface HeadProps {
  folder: FolderView;
  field: FieldView;
  label: string;
  order: string;
  sort: (query: string) => void;
}

// Head sorts by its field: first up, then down, then not.
function Head({ folder, field, label, order, sort }: HeadProps) {
  const now = new RegExp(`order by ${field.key}( desc)?$`).exec(order);
  const rest = order.replace(/\s*order by .*$/, "") || folder.plural;
  const way = now ? (now[1] ? "descending" : "ascending") : "none";
  const next = { none: `${rest} order by ${field.key}`, ascending: `${rest} order by ${field.key} desc` };
  return (
    <div role="columnheader" aria-sort={way} tabIndex={-1}>
      <button
        type="button"
        onClick={() => sort(way === "descending" ? (rest === folder.plural ? "" : rest) : next[way])}
      >
        {label} {{ none: "", ascending: "↑", descending: "↓" }[way]}
      </button>
    </div>
  );
}

interface CellProps {
  folder: FolderView;
  field: FieldView;
  record: RecordView;
  row: number;
  column: number;
}

function Cell({ folder, field, record, row, column }: CellProps) {
  const tongue = useTongue();
  const send = useSend();
  const [open, setOpen] = useState(false);
  const mine = useRef<HTMLDivElement>(null);
  const may = editable(field);
  const done = () => {
    setOpen(false);
    mine.current?.focus();
  };
  const save = (values: Record<string, unknown>) =>
    send(`${apiOf(folder)}/${record.id}`, {
      method: "PATCH",
      version: record.version,
      body: { values },
      said: tongue.words.desk.saved,
    });
  const keys = (event: KeyboardEvent) => {
    if (open || event.target !== mine.current) return;
    if (event.key === "F2" || (event.key === "Enter" && column > 0)) {
      event.preventDefault();
      if (may) setOpen(true);
    } else if (event.key === "Enter") mine.current?.querySelector("a")?.click();
  };
  return (
    <div
      ref={mine}
      role="gridcell"
      className={styles.cell}
      data-cell={`${row}:${column}`}
      data-money={field.money !== undefined}
      tabIndex={row === 0 && column === 0 ? 0 : -1}
      onDoubleClick={() => may && setOpen(true)}
      onKeyDown={keys}
    >
      {open ? (
        <FieldInput field={field} record={record} label={labelOfField(field, tongue)} save={save} done={done} />
      ) : column === 0 ? (
        <Anchor href={hrefOfRecord(record.id)} tabIndex={-1}>
          {titleOf(record)}
        </Anchor>
      ) : (
        <Content field={field} record={record} />
      )}
    </div>
  );
}

function Content({ field, record }: Pick<CellProps, "field" | "record">) {
  const { tag, words } = useTongue();
  const users = useUsers();
  if (field.type === "relation") return <Names ids={idsOf(record.values[field.key]).slice(0, 2)} />;
  const value = record.values[field.key];
  if (field.type === "dropdown" && typeof value === "string") return <span>{nameOf(words.desk.choices, value)}</span>;
  return <span>{readable(field, record, tag, users)}</span>;
}

const steps: Readonly<Record<string, readonly [number, number]>> = {
  ArrowDown: [1, 0],
  ArrowUp: [-1, 0],
  ArrowRight: [0, 1],
  ArrowLeft: [0, -1],
};

// moveCell moves the focus from cell to cell.
function moveCell(event: KeyboardEvent<HTMLDivElement>) {
  const step = steps[event.key];
  const here = event.target instanceof HTMLElement ? event.target.dataset.cell : undefined;
  if (!step || !here) return;
  const [row = 0, column = 0] = here.split(":").map(Number);
  const to = event.currentTarget.querySelector<HTMLElement>(`[data-cell="${row + step[0]}:${column + step[1]}"]`);
  if (!to) return;
  event.preventDefault();
  to.focus();
}
