import type { FolderView, ItemsPipeline } from "../api/api";
import { useGet } from "../api/query";
import { Stages } from "../board/board";
import { Month, MonthTools, monthName } from "../calendar/calendar";
import { useTongue } from "../words/words";
import styles from "./table.module.css";
import { dated } from "./way";

interface Shown {
  folder: FolderView;
  query: string;
}

// BoardOf shows the records of a query in the stages of a pipeline.
export function BoardOf({ folder, query, pipeline }: Shown & { pipeline: string }) {
  const { data } = useGet<ItemsPipeline>("/api/v1/pipelines");
  const list = data?.items?.filter(({ kind }) => (kind || "deal") === folder.kind);
  const found = list?.find(({ key }) => key === pipeline) ?? list?.[0];
  return found ? <Stages key={`${found.key} ${query}`} folder={folder} pipeline={found} query={query} /> : null;
}

// MonthOf shows them in a calendar.
export function MonthOf({
  folder,
  query,
  date,
  month,
  move,
}: Shown & { date: string; month: string; move: (month: string) => void }) {
  const { tag } = useTongue();
  const field = dated(folder).find(({ key }) => key === date);
  if (!field) return null;
  return (
    <>
      <div className={styles.month}>
        <h2>{monthName(month, tag)}</h2>
        <MonthTools month={month} move={move} />
      </div>
      <Month folder={folder} field={field} query={query} month={month} />
    </>
  );
}
