import {
  type Announcements,
  DndContext,
  type DragEndEvent,
  DragOverlay,
  type KeyboardCoordinateGetter,
  KeyboardSensor,
  PointerSensor,
  TouchSensor,
  useDraggable,
  useDroppable,
  useSensor,
  useSensors,
} from "@dnd-kit/core";
import { Button } from "@mantine/core";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { type KeyboardEvent, lazy, type ReactNode, Suspense, useMemo, useState } from "react";
import type { CrmPipeline, CrmStage, FolderView, RecordView } from "../api/api";
import { usePages, withQuery } from "../api/query";
import { Empty } from "../look/empty";
import { Anchor } from "../look/link";
import { Quiet, Screen } from "../look/screen";
import { Scroll } from "../look/scroll";
import { reasonFor, Trouble } from "../look/trouble";
import { apiOf, hrefOfRecord, titleOf, useFolders } from "../record/folders";
import { useAllPipelines } from "../record/pipelines";
import { Losing, useMove } from "../record/stages";
import { day, money } from "../record/value";
import { go } from "../route";
import { NewRecord } from "../table/new_record";
import { QueryBar } from "../table/query_bar";
import tools from "../table/table.module.css";
import { inPipeline } from "../table/way";
import { said } from "../table/words";
import { useSaid } from "../words/catalogue";
import { useTongue, useWords } from "../words/words";
import styles from "./board.module.css";
import { OwnerChoice, ownedBy } from "./owner";
import { dayOf, overdue, rotten, sumsOf } from "./sums";

// Board is a pipeline: a column for each stage, with its sum; cards are dragged,
// by keys too, and go back where they were when the server refuses.
export function Board() {
  const { pipeline: key } = useParams({ strict: false }) as { pipeline?: string };
  const { words } = useTongue();
  const folders = useFolders();
  const asked = useAllPipelines();
  const pipeline = asked?.find((one) => one.key === key);
  const folder = folders.find((one) => one.kind === (pipeline?.kind || "deal"));
  if (pipeline && folder) return <OfPipeline key={key} pipeline={pipeline} folder={folder} />;
  return asked && folders.length > 0 ? <Empty title={words.desk.noPageTitle} text={words.desk.noPageText} /> : null;
}

interface Asked {
  q?: string;
  owner?: string; // the id of a user, or noOwner
  filter?: number;
}

function OfPipeline({ pipeline, folder }: { pipeline: CrmPipeline; folder: FolderView }) {
  const { desk } = useWords();
  const its = useSaid(said);
  const { q = "", owner = "", filter } = useSearch({ strict: false }) as Asked;
  const navigate = useNavigate();
  const [making, setMaking] = useState(false);
  const show = (change: Partial<Asked>) => {
    const next = Object.entries({ q, owner, filter, ...change }).filter(([, value]) => value);
    void navigate({ to: `/board/${pipeline.key}`, search: Object.fromEntries(next) as never });
  };
  const query = ownedBy(q, folder.plural, owner);
  return (
    <Screen
      wide
      title={pipeline.name}
      tools={
        <>
          <OwnerChoice folder={folder} owner={owner} choose={(id) => show({ owner: id })} />
          <button
            type="button"
            className={tools.tool}
            aria-pressed={filter === 1}
            onClick={() => show({ filter: filter ? 0 : 1 })}
          >
            {its.filter}
          </button>
          {folder.create ? (
            <Button size="xs" onClick={() => setMaking(true)}>
              {desk.create}
            </Button>
          ) : null}
        </>
      }
    >
      {filter || q ? <QueryBar key={q} plural={folder.plural} query={q} ask={(text) => show({ q: text })} /> : null}
      {filter ? (
        <Suspense>
          <Filter folder={folder} query={q} ask={(text) => show({ q: text })} />
        </Suspense>
      ) : null}
      <Stages key={query} pipeline={pipeline} folder={folder} query={query} />
      <NewRecord folder={folder} values={{ pipeline: pipeline.key }} open={making} close={() => setMaking(false)} />
    </Screen>
  );
}

const Filter = lazy(async () => ({ default: (await import("../table/filter")).Filter }));

interface StagesProps {
  pipeline: CrmPipeline;
  folder: FolderView;
  query: string; // which of its records; empty for all
  by?: string; // the field that its columns are the values of, when it is not the stage
}

// Stages are the columns of a pipeline, or of a field.
export function Stages({ pipeline, folder, query, by }: StagesProps) {
  const words = useWords();
  const path = withQuery(apiOf(folder), {
    q: by ? query || undefined : inPipeline(query, folder.plural, pipeline.key),
  });
  const asked = usePages<RecordView>(path, 200);
  const move = useMove(folder, by);
  const [moved, setMoved] = useState<Readonly<Record<string, string>>>({}); // not yet told by the server
  const [dragged, setDragged] = useState<RecordView | null>(null);
  const [losing, setLosing] = useState<{ record: RecordView; stage: CrmStage } | null>(null);
  const [trouble, setTrouble] = useState<string | null>(null);
  const sensors = useSensors(
    useSensor(PointerSensor, { activationConstraint: { distance: 6 } }),
    useSensor(TouchSensor, { activationConstraint: { delay: 250, tolerance: 6 } }),
    useSensor(KeyboardSensor, { coordinateGetter: toColumn, keyboardCodes }),
  );
  const stages = pipeline.stages ?? [];
  const records = asked.items ?? [];
  const stageOf = (record: RecordView) => moved[record.id] ?? String(record.values[by ?? "stage"] ?? "");

  const bring = async (record: RecordView, stage: CrmStage, reason?: string) => {
    setTrouble(null);
    setLosing(null);
    setMoved((before) => ({ ...before, [record.id]: stage.key }));
    try {
      await move(record, stage, reason);
    } catch (cause) {
      const why = reasonFor(cause, words);
      setTrouble(words.desk.refused(titleOf(record), stage.name, why));
    }
    setMoved(({ [record.id]: _, ...rest }) => rest);
  };
  const end = ({ active, over }: DragEndEvent) => {
    setDragged(null);
    const record = records.find((one) => one.id === active.id);
    const stage = stages.find((one) => idOf(one) === over?.id);
    if (!record || !stage || stageOf(record) === stage.key) return;
    if (stage.kind === "lost") setLosing({ record, stage });
    else void bring(record, stage);
  };
  const announcements = useAnnouncements(records, stages);
  return (
    <>
      {asked.error ? <Trouble cause={asked.error} onRetry={() => void asked.refetch()} /> : null}
      {trouble ? (
        <p className={styles.trouble} role="alert">
          {trouble}
          <button type="button" onClick={() => setTrouble(null)}>
            {words.dismiss}
          </button>
        </p>
      ) : null}
      {asked.items?.length === 0 ? (
        <Quiet>
          {query ? words.desk.noMatchText : folder.create ? words.desk.noRecordsText : words.desk.noRecordsTitle}
        </Quiet>
      ) : null}
      <DndContext
        sensors={sensors}
        accessibility={{ announcements, screenReaderInstructions: { draggable: words.desk.liftHow } }}
        onDragStart={({ active }) => setDragged(records.find((one) => one.id === active.id) ?? null)}
        onDragCancel={() => setDragged(null)}
        onDragEnd={end}
      >
        <Scroll label={pipeline.name} className={styles.board}>
          {stages.map((stage) => (
            <Column
              key={stage.key}
              stage={stage}
              pipeline={pipeline}
              records={records.filter((record) => stageOf(record) === stage.key)}
            />
          ))}
        </Scroll>
        <DragOverlay>{dragged ? <Face record={dragged} /> : null}</DragOverlay>
      </DndContext>
      {asked.hasNextPage ? (
        <button type="button" className={styles.more} onClick={() => void asked.fetchNextPage()}>
          {words.desk.older}
        </button>
      ) : null}
      <Losing
        stage={losing?.stage ?? null}
        close={() => setLosing(null)}
        lose={(reason) => losing && void bring(losing.record, losing.stage, reason)}
      />
    </>
  );
}

// idOf is the name of a column while cards are dragged; nothing is none.
const idOf = ({ key }: CrmStage) => key || "-";

// Space lifts and puts down, so that Enter can open.
const keyboardCodes = { start: ["Space"], cancel: ["Escape"], end: ["Space", "Enter"] };

// toColumn moves a lifted card to the column beside it.
const toColumn: KeyboardCoordinateGetter = (event, { context, currentCoordinates }) => {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.code];
  if (!step) return undefined;
  event.preventDefault();
  const columns = [...context.droppableRects.values()].sort((a, b) => a.left - b.left);
  const now = columns.findIndex((one) => currentCoordinates.x < one.right);
  const to = columns[now + step];
  return to && { x: to.left + 8, y: to.top + 60 };
};

// useAnnouncements tells a screen reader what a drag does.
function useAnnouncements(records: readonly RecordView[], stages: readonly CrmStage[]): Announcements {
  const { desk } = useWords();
  return useMemo(() => {
    const name = (id: unknown) =>
      titleOf(records.find((one) => one.id === id) ?? ({ values: {}, id: "" } as RecordView));
    const place = (id: unknown) => stages.find((one) => idOf(one) === id)?.name ?? "";
    return {
      onDragStart: ({ active }) => desk.lifted(name(active.id)),
      onDragOver: ({ over }) => place(over?.id),
      onDragEnd: ({ active, over }) => (over ? desk.dropped(name(active.id), place(over.id)) : ""),
      onDragCancel: () => "",
    };
  }, [records, stages, desk]);
}

const closedShown = 30;

interface ColumnProps {
  stage: CrmStage;
  pipeline: CrmPipeline;
  records: readonly RecordView[];
}

function Column({ stage, pipeline, records }: ColumnProps) {
  const { tag, words } = useTongue();
  const { setNodeRef, isOver } = useDroppable({ id: idOf(stage) });
  const shown = stage.kind === "open" ? records : records.slice(0, closedShown);
  return (
    <section
      ref={setNodeRef}
      className={styles.column}
      data-over={isOver}
      data-kind={stage.kind}
      aria-label={stage.name}
    >
      <header>
        <h2>
          {stage.name} <span>{records.length}</span>
        </h2>
        <p className={styles.sums}>
          {sumsOf(records).map(([currency, minor]) => (
            <span key={currency}>{money(minor, currency, tag)}</span>
          ))}
        </p>
        {stage.gate ? <p className={styles.gate}>{words.desk.gate(stage.gate)}</p> : null}
      </header>
      <div className={styles.cards}>
        {shown.map((record) => (
          <Card key={record.id} record={record} days={rotten(record, stage, pipeline, new Date())} />
        ))}
        {shown.length < records.length ? <p className={styles.gate}>+{records.length - shown.length}</p> : null}
      </div>
    </section>
  );
}

function Card({ record, days }: { record: RecordView; days: number | null }) {
  const { attributes, listeners, setNodeRef, isDragging } = useDraggable({
    id: record.id,
    attributes: { role: "group" },
  });
  const keys = (event: KeyboardEvent<HTMLDivElement>) => {
    if (event.key === "Enter" && !isDragging) go(hrefOfRecord(record.id));
    else listeners?.onKeyDown?.(event);
  };
  return (
    // Its role comes with the attributes.
    // biome-ignore lint/a11y/noStaticElementInteractions: see above
    <div
      ref={setNodeRef}
      data-dragging={isDragging}
      className={styles.slot}
      {...attributes}
      {...listeners}
      onKeyDown={keys}
    >
      <Face record={record} days={days} />
    </div>
  );
}

// Face is what a card shows of a record.
function Face({ record, days = null }: { record: RecordView; days?: number | null }): ReactNode {
  const { tag, words } = useTongue();
  const { amount, currency, next_step: step } = record.values;
  const close = dayOf(record);
  return (
    <article className={styles.card} data-rotten={days !== null}>
      <h3>
        <Anchor href={hrefOfRecord(record.id)} tabIndex={-1} draggable={false} title={titleOf(record)}>
          {titleOf(record)}
        </Anchor>
      </h3>
      <p className={styles.line}>
        {typeof amount === "number" ? <strong>{money(amount, String(currency ?? ""), tag)}</strong> : null}
        {close ? <span data-late={overdue(record, new Date())}>{day(close, tag)}</span> : null}
      </p>
      {step ? <p className={styles.step}>{String(step)}</p> : null}
      {days !== null ? <p className={styles.rot}>{words.desk.stuck(days)}</p> : null}
    </article>
  );
}
