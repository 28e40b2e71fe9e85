import { NativeSelect } from "@mantine/core";
import { useNavigate, useSearch } from "@tanstack/react-router";
import type { RecordView } from "../api/api";
import { usePages, withQuery } from "../api/query";
import { Anchor } from "../look/link";
import { Quiet, Screen } from "../look/screen";
import { Trouble } from "../look/trouble";
import { apiOf, hrefOfRecord, labelOfField, labelOfFolder, titleOf, useFolders } from "../record/folders";
import { useSaid } from "../words/catalogue";
import { useTongue } from "../words/words";
import styles from "./calendar.module.css";
import { firstDayOf, step, weeksOf } from "./month";
import { said } from "./words";

// Calendar is a month of records by one of their days, such as deals by their
// expected close.
export function Calendar() {
  const tongue = useTongue();
  const mine = useSaid(said);
  const { month = thisMonth(), of = "tasks.due" } = useSearch({ strict: false }) as { month?: string; of?: string };
  const navigate = useNavigate();
  const move = (search: { month: string; of: string }) => void navigate({ to: "/calendar", search: search as never });
  const dated = useDated();
  const shown = dated.find((one) => one.key === of) ?? dated[0];
  const weeks = weeksOf(month, firstDayOf(tongue.tag));
  const [from, to] = [weeks[0]?.[0] ?? "", weeks.at(-1)?.[6] ?? ""];
  const q = shown ? `${shown.folder.plural} where ${shown.field.key} >= ${from} and ${shown.field.key} <= ${to}` : "";
  const asked = usePages<RecordView>(shown ? withQuery(apiOf(shown.folder), { q }) : "", 200);
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
            data={dated.map(({ key, folder, field }) => ({
              value: key,
              label: `${labelOfFolder(folder, tongue)}: ${labelOfField(field, tongue)}`,
            }))}
            onChange={(e) => move({ month, of: e.currentTarget.value })}
          />
          <button type="button" aria-label={mine.before} onClick={() => move({ month: step(month, -1), of })}>
            ←
          </button>
          <button type="button" onClick={() => move({ month: thisMonth(), of })}>
            {mine.today}
          </button>
          <button type="button" aria-label={mine.after} onClick={() => move({ month: step(month, 1), of })}>
            →
          </button>
        </>
      }
    >
      {asked.error ? <Trouble cause={asked.error} onRetry={() => void asked.refetch()} /> : null}
      <Weeks weeks={weeks} month={month} days={byDay(asked.items ?? [], shown?.field.key ?? "")} />
      {asked.hasNextPage ? <Quiet>{mine.cut}</Quiet> : null}
    </Screen>
  );
}

const thisMonth = () => new Date().toISOString().slice(0, 7);

const monthName = (month: string, tag: string) =>
  new Date(`${month}-01T00:00:00Z`).toLocaleDateString(tag, { month: "long", year: "numeric", timeZone: "UTC" });

// useDated are the days that records have, each a calendar of its own.
function useDated() {
  return useFolders().flatMap((folder) =>
    (folder.fields ?? [])
      .filter((field) => field.type === "date" && !field.system && field.indexed !== false)
      .map((field) => ({ key: `${folder.plural}.${field.key}`, folder, field })),
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
  const today = new Date().toISOString().slice(0, 10);
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
