import { Button } from "@mantine/core";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import type { FolderView, ViewView } from "../api/api";
import { thisMonth } from "../calendar/month";
import { Empty } from "../look/empty";
import { Anchor } from "../look/link";
import { Screen } from "../look/screen";
import { amount } from "../look/when";
import { labelOfField, labelOfFolder, useFolders } from "../record/folders";
import { useAllPipelines } from "../record/pipelines";
import { useHere } from "../shell/session";
import { useSaid } from "../words/catalogue";
import { type Tongue, useTongue } from "../words/words";
import { Columns, useColumns } from "./columns";
import { Groups, groupable, Sums, useGroups } from "./groups";
import { NewRecord } from "./new_record";
import { QueryBar } from "./query_bar";
import { Sheet } from "./sheet";
import styles from "./table.module.css";
import { useViews, Views } from "./views";
import { said as saidOfViews } from "./views_words";
import { read, type Way, wayOf, waysOf, written } from "./way";
import { said } from "./words";

// FolderPage is the table of a folder: a query above, rows below.
export function FolderPage() {
  const { plural = "" } = useParams({ strict: false }) as { plural?: string };
  const { words } = useTongue();
  const folders = useFolders();
  const { view = "" } = useSearch({ strict: false }) as Asked;
  const folder = folders.find((one) => one.plural === plural);
  const views = useViews(view ? folder : undefined);
  if (folder && view && views.isPending) return null;
  const open = views.data?.items?.find((one) => one.id === view);
  if (folder) return <Table key={`${plural} ${view}`} folder={folder} view={open} gone={view !== "" && !open} />;
  if (folders.length === 0) return null;
  return <Empty title={words.desk.noPageTitle} text={words.desk.noPageText} />;
}

interface Asked {
  view?: string; // the view that is open
  q?: string; // another query than that of the view
  group?: string;
  as?: string; // another way to show them than that of the view
  month?: string; // of a calendar
  filter?: number;
  new?: number;
}

const noGroup = "none"; // where the view has one

function Table({ folder, view, gone }: { folder: FolderView; view: ViewView | undefined; gone: boolean }) {
  const tongue = useTongue();
  const { desk } = tongue.words;
  const { rights } = useHere();
  const its = useSaid(said);
  const ofViews = useSaid(saidOfViews);
  const asked = useSearch({ strict: false }) as Asked;
  const { filter, new: anew } = asked;
  const q = asked.q ?? (view?.query === folder.plural ? "" : (view?.query ?? ""));
  const grouped = asked.group ?? view?.group_by ?? "";
  const group = grouped === noGroup ? "" : grouped;
  const navigate = useNavigate();
  const show = (change: Partial<Asked>) => {
    const next = Object.entries({ ...asked, ...change, new: undefined }).filter(([, value]) => value);
    void navigate({ to: `/${folder.plural}`, search: Object.fromEntries(next) as never });
  };
  // Without a query it is no longer the view that one sees.
  const ask = (text: string) => show(text ? { q: text } : { q: "", view: "" });
  const columns = useColumns(folder, view);
  const [making, setMaking] = useState(anew === 1);
  const way = asked.as ? read(asked.as) : wayOf(view);
  const month = asked.month ?? thisMonth();
  return (
    <Screen
      wide
      title={labelOfFolder(folder, tongue)}
      beside={<Count folder={folder} query={q} />}
      tools={
        <>
          <Views folder={folder} view={view} look={{ query: q, columns: columns.keys, group, way }} />
          <ShownAs folder={folder} way={way} choose={(as) => show({ as })} />
          {way.as === "table" ? (
            <GroupBy folder={folder} group={group} choose={(by) => show({ group: by || (view ? noGroup : "") })} />
          ) : null}
          <button
            type="button"
            className={styles.tool}
            aria-pressed={filter === 1}
            onClick={() => show({ filter: filter ? 0 : 1 })}
          >
            {its.filter}
          </button>
          {way.as === "table" ? <Columns folder={folder} columns={columns} /> : null}
          {rights.includes("import") ? (
            <Anchor className={`${styles.tool} ${styles.away}`} href={`/imports?folder=${folder.plural}`}>
              {desk.imports}
            </Anchor>
          ) : null}
          {folder.create ? (
            <Button size="xs" onClick={() => setMaking(true)}>
              {desk.create}
            </Button>
          ) : null}
        </>
      }
    >
      {gone ? <p className={styles.fault}>{ofViews.gone}</p> : null}
      <QueryBar key={q} plural={folder.plural} query={q} ask={ask} />
      {filter ? (
        <Suspense>
          <Filter folder={folder} query={q} ask={ask} />
        </Suspense>
      ) : null}
      {way.as === "board" ? (
        <Suspense>
          <BoardOf folder={folder} pipeline={way.pipeline} by={way.by ?? ""} query={q} />
        </Suspense>
      ) : way.as === "calendar" ? (
        <Suspense>
          <MonthOf folder={folder} date={way.date} query={q} month={month} move={(to) => show({ month: to })} />
        </Suspense>
      ) : group ? (
        <Groups folder={folder} fields={columns.shown} query={q} by={group} />
      ) : (
        <Sheet folder={folder} fields={columns.shown} query={q} sort={ask} />
      )}
      <NewRecord folder={folder} values={startOf(way)} open={making} close={() => setMaking(false)} />
    </Screen>
  );
}

// startOf is what a new record has when it is made on a board.
const startOf = (way: Way): Record<string, string> =>
  way.as === "board" && way.pipeline ? { pipeline: way.pipeline } : {};

const BoardOf = lazy(async () => ({ default: (await import("./other_ways")).BoardOf }));
const MonthOf = lazy(async () => ({ default: (await import("./other_ways")).MonthOf }));
const Filter = lazy(async () => ({ default: (await import("./filter")).Filter }));

// Count is how many there are, and their sums.
function Count({ folder, query }: { folder: FolderView; query: string }) {
  const { tag } = useTongue();
  const { data } = useGroups(folder, query, "");
  if (!data) return null;
  return (
    <span className={styles.count}>
      <strong>
        {amount(data.total.count, tag)}
        {data.cut ? "+" : ""}
      </strong>
      <Sums group={data.total} />
    </span>
  );
}

interface ShownAsProps {
  folder: FolderView;
  way: Way;
  choose: (way: string) => void;
}

// ShownAs is in which way the records are shown.
function ShownAs({ folder, way, choose }: ShownAsProps) {
  const tongue = useTongue();
  const its = useSaid(saidOfViews);
  const pipelines = useAllPipelines(folder.staged === true) ?? [];
  const ways = waysOf(folder, pipelines);
  if (ways.length === 1) return null;
  const label = (one: Way) => {
    if (one.as === "board" && one.by) return labelOf(folder, one.by, tongue);
    if (one.as === "board") return pipelines.find(({ key }) => key === one.pipeline)?.name ?? "";
    return one.as === "calendar" ? labelOf(folder, one.date, tongue) : "";
  };
  return (
    <select
      className={styles.tool}
      aria-label={its.shownAs}
      value={written(way)}
      onChange={(event) => choose(event.currentTarget.value)}
    >
      {ways.map((one) => (
        <option key={written(one)} value={written(one)}>
          {[its.ways[one.as], label(one)].filter(Boolean).join(": ")}
        </option>
      ))}
    </select>
  );
}

function labelOf(folder: FolderView, key: string, tongue: Tongue): string {
  const field = folder.fields?.find((one) => one.key === key);
  return field ? labelOfField(field, tongue) : "";
}

function GroupBy({ folder, group, choose }: { folder: FolderView; group: string; choose: (by: string) => void }) {
  const tongue = useTongue();
  const its = useSaid(said);
  const fields = groupable(folder);
  if (fields.length === 0) return null;
  return (
    <select
      className={styles.tool}
      aria-label={its.groupBy}
      value={group}
      onChange={(event) => choose(event.currentTarget.value)}
    >
      <option value="">{its.ungrouped}</option>
      {fields.map((field) => (
        <option key={field.key} value={field.key}>
          {its.groupBy}: {labelOfField(field, tongue)}
        </option>
      ))}
    </select>
  );
}
