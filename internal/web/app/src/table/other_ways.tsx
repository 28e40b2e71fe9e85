import type { CrmPipeline, CrmStage, FolderView } from "../api/api";
import { Stages } from "../board/board";
import { Month, MonthTools, monthName } from "../calendar/calendar";
import { labelOfField } from "../record/folders";
import { useAllPipelines } from "../record/pipelines";
import { useSaid } from "../words/catalogue";
import { nameOf, useTongue } from "../words/words";
import styles from "./table.module.css";
import { chosen, dated } from "./way";
import { said } from "./words";

interface Shown {
  folder: FolderView;
  query: string;
}

interface BoardProps extends Shown {
  pipeline: string;
  by: string; // a field of choices; empty: the stages of the pipeline
}

// BoardOf shows the records of a query in the stages of a pipeline, or by the
// values of a field.
export function BoardOf({ folder, query, pipeline, by }: BoardProps) {
  const all = useAllPipelines(by === "");
  const list = all?.filter(({ kind }) => (kind || "deal") === folder.kind);
  const found = list?.find(({ key }) => key === pipeline) ?? list?.[0];
  if (by) return <BoardBy key={`${by} ${query}`} folder={folder} query={query} by={by} />;
  return found ? <Stages key={`${found.key} ${query}`} folder={folder} pipeline={found} query={query} /> : null;
}

// BoardBy has a column for each value of a field, and one for those without.
function BoardBy({ folder, query, by }: Shown & { by: string }) {
  const tongue = useTongue();
  const its = useSaid(said);
  const field = chosen(folder).find(({ key }) => key === by);
  if (!field) return null;
  const column = (key: string, name: string): CrmStage => ({ key, name, kind: "open", probability: 0 });
  const values = (field.choices ?? []).map((value) => column(value, nameOf(tongue.words.desk.choices, value)));
  const stages = field.required ? values : [column("", its.none), ...values];
  const columns: CrmPipeline = { key: by, name: labelOfField(field, tongue), kind: folder.kind, stages };
  return <Stages folder={folder} pipeline={columns} by={by} query={query} />;
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
