import { NativeSelect } from "@mantine/core";
import { useNavigate, useSearch } from "@tanstack/react-router";
import type { FieldView, FolderView, RecordView } from "../api/api";
import { usePages, withQuery } from "../api/query";
import { Anchor } from "../look/link";
import { Quiet, Screen } from "../look/screen";
import { Trouble } from "../look/trouble";
import { apiOf, hrefOfRecord, labelOfField, labelOfFolder, titleOf, useFolders } from "../record/folders";
import { dated, narrowed } from "../table/way";
import { useSaid } from "../words/catalogue";
import { useTongue } from "../words/words";
import styles from "./calendar.module.css";
import { dayHere, firstDayOf, step, thisMonth, weeksOf } from "./month";
import { said } from "./words";

// Calendar is a month of records by one of their days, such as deals by their
// expected close.
export function Calendar() {
  const tongue = useTongue();
  const mine = useSaid(said);
  const { month = thisMonth(), of = "tasks.due" } = useSearch({ strict: false }) as { month?: string; of?: string };
  const navigate = useNavigate();
  const move = (search: { month: string; of: string }) => void navigate({ to: "/calendar", search: search as never });
  const all = useDated();
  const shown = all.find((one) => one.key === of) ?? all[0];
  return (
    <Screen
      wide
      title={monthName(month, tongue.tag)}
      tools={
        <>
          <NativeSelect
            size="xs"
            aria-label={mine.by}
            value={shown?.key}
            data={all.map(({ key, folder, field }) => ({
              value: key,
              label: `${labelOfFolder(folder, tongue)} · ${labelOfField(field, tongue)}`,
            }))}
            onChange={(e) => move({ month, of: e.currentTarget.value })}
          />
          <MonthTools month={month} move={(to) => move({ month: to, of })} />
        </>
      }
    >
      {shown ? <Month folder={shown.folder} field={shown.field} query="" month={month} /> : null}
    </Screen>
  );
}

interface ToolsProps {
  month: string;
  move: (month: string) => void;
}

// MonthTools go to the month before, to this one, and to the next.
export function MonthTools({ month, move }: ToolsProps) {
  const mine = useSaid(said);
  return (
    <>
      <button type="button" aria-label={mine.before} onClick={() => move(step(month, -1))}>
        ←
      </button>
      <button type="button" onClick={() => move(thisMonth())}>
        {mine.today}
      </button>
      <button type="button" aria-label={mine.after} onClick={() => move(step(month, 1))}>
        →
      </button>
    </>
  );
}

interface MonthProps {
  folder: FolderView;
  field: FieldView; // which of their days
  query: string; // which of its records; empty for all
  month: string;
}

// Month is a month of the records of a folder.
export function Month({ folder, field, query, month }: MonthProps) {
  const { tag } = useTongue();
  const mine = useSaid(said);
  const weeks = weeksOf(month, firstDayOf(tag));
  const [from, to] = [weeks[0]?.[0] ?? "", weeks.at(-1)?.[6] ?? ""];
  const q = narrowed(query, folder.plural, `${field.key} >= ${from} and ${field.key} <= ${to}`);
  const asked = usePages<RecordView>(withQuery(apiOf(folder), { q }), 200);
  return (
    <>
      {asked.error ? <Trouble cause={asked.error} onRetry={() => void asked.refetch()} /> : null}
      <Weeks weeks={weeks} month={month} days={byDay(asked.items ?? [], field.key)} />
      {asked.items?.length === 0 ? <Quiet>{mine.none}</Quiet> : null}
      {asked.hasNextPage ? <Quiet>{mine.cut}</Quiet> : null}
    </>
  );
}

// monthName is what stands above a month: a title, which begins with a capital letter.
export function monthName(month: string, tag: string): string {
  const date = new Date(`${month}-01T00:00:00Z`);
  const name = date.toLocaleDateString(tag, { month: "long", year: "numeric", timeZone: "UTC" });
  return name.slice(0, 1).toLocaleUpperCase(tag) + name.slice(1);
}

// useDated are the days that records have, each a calendar of its own.
function useDated() {
  return useFolders().flatMap((folder) =>
    dated(folder).map((field) => ({ key: `${folder.plural}.${field.key}`, folder, field })),
  );
}

function byDay(records: readonly RecordView[], field: string): ReadonlyMap<string, RecordView[]> {
  const days = new Map<string, RecordView[]>();
  for (const record of records) {
    const day = String(record.values[field] ?? "").slice(0, 10);
    days.set(day, [...(days.get(day) ?? []), record]);
  }
  return days;
}

interface WeeksProps {
  weeks: readonly (readonly string[])[];
  month: string;
  days: ReadonlyMap<string, readonly RecordView[]>;
}

const fits = 4;

function Weeks({ weeks, month, days }: WeeksProps) {
  const { tag } = useTongue();
  const mine = useSaid(said);
  const today = dayHere(new Date());
  const name = (day: string, options: Intl.DateTimeFormatOptions) =>
    new Date(`${day}T00:00:00Z`).toLocaleDateString(tag, { ...options, timeZone: "UTC" });
  return (
    <table className={styles.month}>
      <thead>
        <tr>
          {weeks[0]?.map((day) => (
            <th key={day} scope="col">
              {name(day, { weekday: "short" })}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {weeks.map((week) => (
          <tr key={week[0]}>
            {week.map((day) => {
              const records = days.get(day) ?? [];
              return (
                <td
                  key={day}
                  data-other={!day.startsWith(month)}
                  data-today={day === today}
                  data-free={!records.length}
                >
                  <time dateTime={day}>
                    <span>{name(day, { weekday: "short" })} </span>
                    {Number(day.slice(8))}
                  </time>
                  {records.slice(0, fits).map((record) => (
                    <Anchor key={record.id} href={hrefOfRecord(record.id)} title={titleOf(record)}>
                      {titleOf(record)}
                    </Anchor>
                  ))}
                  {records.length > fits ? <small>{mine.more(records.length - fits)}</small> : null}
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
