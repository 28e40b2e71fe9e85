import { useVirtualizer } from "@tanstack/react-virtual";
import {
  type CSSProperties,
  type KeyboardEvent,
  type MouseEvent,
  type RefObject,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from "react";
import type { FieldView, FolderView, RecordView } from "../api/api";
import { useSend } from "../api/query";
import { Trouble } from "../look/trouble";
import { apiOf, labelOfField } from "../record/folders";
import { editable } from "../record/value";
import { useSaid } from "../words/catalogue";
import { useTongue } from "../words/words";
import { useAmounts, type Widths } from "./amounts";
import { Row, useReading } from "./row";
import type { Rows } from "./rows";
import styles from "./table.module.css";
import { said } from "./words";

export interface Chosen {
  ids: ReadonlySet<string>;
  turn: (id: string) => void;
  all: () => void; // every row that is loaded, or none
}

interface Props {
  folder: FolderView;
  fields: readonly FieldView[];
  rows: Rows;
  order: string; // the query, of which the order is a part
  sort: (query: string) => void;
  chosen: Chosen;
}

const rowHeight = 38;

// Grid draws only the rows that can be seen. Arrows move between cells, Enter or
// F2 edits, and of a name it opens; Space chooses a row.
export function Grid({ folder, fields, rows, order, sort, chosen }: Props) {
  const tongue = useTongue();
  const its = useSaid(said);
  const send = useSend();
  const box = useRef<HTMLDivElement>(null);
  const [edited, setEdited] = useState(""); // row:column
  const reading = useReading();
  const virtual = useVirtualizer({
    count: rows.count,
    getScrollElement: () => box.current,
    estimateSize: () => rowHeight,
    overscan: 6,
    useFlushSync: false, // a frame of scrolling may be drawn with the next one
  });
  const seen = virtual.getVirtualItems();
  const slots = useSlots(seen.length);
  const drawn = virtual.isScrolling ? bySlot(seen, slots) : seen;
  const first = seen[0]?.index ?? 0;
  const last = seen.at(-1)?.index ?? 0;
  useFocusLeaves(box, first, last);
  const { see } = rows;
  useEffect(() => see(first, last), [see, first, last]);
  const wide = useWidth(box);
  const shown = seen.map(({ index }) => rows.at(index)).filter((one) => one !== undefined);
  const amounts = useAmounts(fields, shown, tongue.tag);
  const columns = useMemo(() => columnsOf(fields, wide, amounts), [fields, wide, amounts]);
  const focus = (cell: string) => {
    const to = box.current?.querySelector<HTMLElement>(`[data-cell="${cell}"]`);
    to?.focus();
    return to !== null && to !== undefined;
  };
  const go = (row: number, column: number) => {
    const at = Math.max(0, Math.min(rows.count - 1, row));
    const cell = `${at}:${Math.max(0, Math.min(fields.length - 1, column))}`;
    if (focus(cell)) return;
    virtual.scrollToIndex(at);
    requestAnimationFrame(() => requestAnimationFrame(() => focus(cell)));
  };
  const edit = (cell: string) => {
    const field = fields[Number(cell.split(":")[1])];
    if (field && editable(field)) setEdited(cell);
  };
  const keys = (event: KeyboardEvent<HTMLDivElement>) => {
    const cell = cellOf(event.target, true);
    if (!cell) return;
    const [row = 0, column = 0] = cell.split(":").map(Number);
    const record = rows.at(row);
    const page = Math.floor((box.current?.clientHeight ?? 400) / rowHeight) - 2;
    const to = moved(event, row, column, page, rows.count, fields.length);
    if (to) go(to[0], to[1]);
    else if (event.key === "F2" || (event.key === "Enter" && column > 0)) edit(cell);
    else if (event.key === "Enter") (event.target as HTMLElement).querySelector("a")?.click();
    else if (event.key === " " && record) chosen.turn(record.id);
    else return;
    event.preventDefault();
  };
  const doubled = (event: MouseEvent) => {
    const cell = cellOf(event.target, false);
    if (cell) edit(cell);
  };
  const save = (record: RecordView) => (values: Record<string, unknown>) =>
    send(`${apiOf(folder)}/${record.id}`, {
      method: "PATCH",
      version: record.version,
      body: { values },
      said: tongue.words.desk.saved,
    });
  const whole = chosen.ids.size > 0;
  return (
    <div
      className={styles.grid}
      ref={box}
      role="grid"
      aria-rowcount={rows.more ? -1 : rows.count + 1}
      aria-multiselectable
      onKeyDown={keys}
      onDoubleClick={doubled}
      tabIndex={-1}
      style={columns}
    >
      <div className={styles.headRow} role="row" aria-rowindex={1} tabIndex={-1}>
        <div role="columnheader" className={styles.pick} tabIndex={-1}>
          <input
            type="checkbox"
            aria-label={its.chooseAll}
            checked={whole}
            onChange={chosen.all}
            ref={(input) => {
              if (input) input.indeterminate = whole && chosen.ids.size < rows.count;
            }}
          />
        </div>
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
      {rows.error ? <Trouble cause={rows.error} onRetry={rows.again} /> : null}
      <div className={styles.body} style={{ blockSize: virtual.getTotalSize() }}>
        {drawn.map((item) => {
          const record = rows.at(item.index);
          const open = edited.startsWith(`${item.index}:`) ? Number(edited.split(":")[1]) : -1;
          return record ? (
            <Row
              key={item.index % slots}
              record={record}
              fields={fields}
              names={rows.names}
              reading={reading}
              index={item.index}
              start={item.start}
              chosen={chosen.ids.has(record.id)}
              turn={chosen.turn}
              open={open}
              save={open >= 0 ? save(record) : undefined}
              done={() => {
                setEdited("");
                requestAnimationFrame(() => focus(edited));
              }}
            />
          ) : null;
        })}
      </div>
    </div>
  );
}

// useSlots is how many rows are drawn at once at most. A row that leaves gives its
// elements to the one that comes: making and throwing away elements is the longer
// half of scrolling.
function useSlots(now: number): number {
  const most = useRef(1);
  most.current = Math.max(most.current, now);
  return most.current;
}

// bySlot keeps elements where they are while the table moves: put in the order of
// rows, those that leave at the top would be taken out and laid out anew below.
// That order, which is the one that is read aloud, comes when the table rests.
function bySlot<Item extends { index: number }>(seen: readonly Item[], slots: number): Item[] {
  return [...seen].sort((a, b) => (a.index % slots) - (b.index % slots));
}

// useFocusLeaves takes the focus off a cell whose elements show another row now:
// what a key does must never meet a row that nobody went to.
function useFocusLeaves(box: RefObject<HTMLElement | null>, first: number, last: number) {
  const on = useRef("");
  useEffect(() => {
    const element = box.current;
    const note = (event: FocusEvent) => {
      on.current = (event.target as HTMLElement).dataset.cell ?? "";
    };
    element?.addEventListener("focusin", note);
    return () => element?.removeEventListener("focusin", note);
  }, [box]);
  useLayoutEffect(() => {
    const now = document.activeElement;
    if (!(now instanceof HTMLElement) || !box.current?.contains(now)) return;
    const row = Number(on.current.split(":")[0]);
    if (on.current && now.dataset.cell && (row < first || row > last)) now.blur();
  }, [box, first, last]);
}

// How wide a column is at least follows from what stands in it.
const widths: Readonly<Record<string, number>> = {
  relation: 160,
  email: 190,
  url: 180,
  phone: 148,
  date: 140,
  datetime: 160,
  user: 120,
  number: 112,
  percent: 84,
  checkbox: 84,
  currency_code: 84,
  rating: 90,
};

// What is of one length takes no more than it needs: the room is for words.
const fixed = new Set(["date", "datetime", "number", "percent", "checkbox", "currency", "currency_code", "phone"]);

const letter = 9; // px of a digit in a cell, in any of the system's fonts
const edges = 26; // px beside what is in it
const pick = 38; // the column of the boxes
const narrow = 700;

// columnsOf gives each column its width in pixels, so that rows are laid out
// without a look at what is in them. Room that is left goes to the first column,
// and to those that grow.
function columnsOf(fields: readonly FieldView[], wide: number, amounts: Widths): CSSProperties {
  const name = wide < narrow ? 180 : 230;
  const rest = fields.slice(1).map(({ type, key }) => {
    const letters = (amounts[key] ?? 0) * letter + edges;
    return { width: Math.max(widths[type] ?? 140, letters), grows: !fixed.has(type) };
  });
  const least = pick + name + rest.reduce((sum, { width }) => sum + width, 0);
  const share = Math.max(0, wide - least) / (3 + rest.filter(({ grows }) => grows).length);
  const px = [pick, name + 3 * share, ...rest.map(({ width, grows }) => width + (grows ? share : 0))].map(Math.floor);
  return {
    "--columns": px.map((width) => `${width}px`).join(" "),
    "--wide": `${Math.max(
      wide,
      px.reduce((sum, width) => sum + width, 0),
    )}px`,
  } as CSSProperties;
}

// useWidth is the width of what an element shows, in pixels.
function useWidth(box: RefObject<HTMLElement | null>): number {
  const [wide, setWide] = useState(0);
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    setWide(element.clientWidth);
    if (typeof ResizeObserver === "undefined") return;
    const watch = new ResizeObserver(() => setWide(element.clientWidth));
    watch.observe(element);
    return () => watch.disconnect();
  }, [box]);
  return wide;
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
    <div role="columnheader" aria-sort={way} tabIndex={-1} data-money={field.money !== undefined}>
      <button
        type="button"
        onClick={() => sort(way === "descending" ? (rest === folder.plural ? "" : rest) : next[way])}
      >
        {label} {{ none: "", ascending: "↑", descending: "↓" }[way]}
      </button>
    </div>
  );
}

// cellOf is the cell in which something happened; exactly: on it and not on what
// it holds.
function cellOf(target: EventTarget, exactly: boolean): string | undefined {
  if (!(target instanceof HTMLElement)) return;
  if (target.closest("input, textarea, select")) return;
  const cell = exactly ? target : target.closest<HTMLElement>("[data-cell]");
  return cell?.dataset.cell;
}

// moved is the cell to which a key leads.
function moved(
  event: KeyboardEvent,
  row: number,
  column: number,
  page: number,
  rows: number,
  columns: number,
): [number, number] | null {
  const far = event.ctrlKey || event.metaKey;
  switch (event.key) {
    case "ArrowDown":
      return [row + 1, column];
    case "ArrowUp":
      return [row - 1, column];
    case "ArrowRight":
      return [row, column + 1];
    case "ArrowLeft":
      return [row, column - 1];
    case "PageDown":
      return [row + page, column];
    case "PageUp":
      return [row - page, column];
    case "Home":
      return [far ? 0 : row, 0];
    case "End":
      return [far ? rows - 1 : row, columns - 1];
  }
  return null;
}
