import type { CrmPipeline, FieldView, FolderView, ViewView } from "../api/api";

// How the records of a folder are shown: as a table, as the board of a pipeline or
// of a field of choices, or in a calendar by one of their days.
export type Way = { as: "table" } | { as: "board"; pipeline: string; by?: string } | { as: "calendar"; date: string };

export const table: Way = { as: "table" };

// written is a way as an address holds it.
export const written = (way: Way): string =>
  way.as === "board"
    ? way.by
      ? `board:field:${way.by}`
      : `board:${way.pipeline}`
    : way.as === "calendar"
      ? `calendar:${way.date}`
      : "table";

// read takes a way from an address; what it does not know is a table.
export function read(text: string): Way {
  const [as, of = "", field = ""] = text.split(":");
  if (as === "board" && of === "field" && field) return { as, pipeline: "", by: field };
  if (as === "board" && of) return { as, pipeline: of };
  if (as === "calendar" && of) return { as, date: of };
  return table;
}

// wayOf is how a view that somebody kept is shown.
export function wayOf(view: ViewView | undefined): Way {
  if (view?.type === "board" && view.group_by && view.group_by !== "stage")
    return { as: "board", pipeline: "", by: view.group_by };
  if (view?.type === "board") return { as: "board", pipeline: pipelineIn(view.query) };
  if (view?.type === "calendar" && view.date) return { as: "calendar", date: view.date };
  return table;
}

// pipelineIn is the pipeline of which a query asks.
export const pipelineIn = (query: string): string => /\bpipeline\s*=\s*"?([\w-]+)"?/.exec(query)?.[1] ?? "";

// waysOf are all that a folder can be shown in.
export function waysOf(folder: FolderView, pipelines: readonly CrmPipeline[]): readonly Way[] {
  const boards = folder.staged ? pipelines.filter(({ kind }) => (kind || "deal") === folder.kind) : [];
  return [
    table,
    ...boards.map(({ key }): Way => ({ as: "board", pipeline: key })),
    ...chosen(folder).map(({ key }): Way => ({ as: "board", pipeline: "", by: key })),
    ...dated(folder).map(({ key }): Way => ({ as: "calendar", date: key })),
  ];
}

// chosen are the fields of a folder that make a board: one of few values each.
export const chosen = (folder: FolderView): readonly FieldView[] =>
  (folder.fields ?? []).filter(
    ({ type, many, system, expr, choices }) => type === "dropdown" && !many && !system && !expr && choices?.length,
  );

// dated are the fields of a folder that make a calendar.
export const dated = (folder: FolderView): readonly FieldView[] =>
  (folder.fields ?? []).filter((field) => field.type === "date" && !field.system && field.indexed !== false);

// narrowed adds a condition to a query as it is written. An order that it has
// stays.
export function narrowed(query: string, plural: string, condition: string): string {
  const text = query.trim() || plural;
  const bare = text.replace(/"(?:[^"\\]|\\.)*"/g, (quoted) => "_".repeat(quoted.length));
  const tail = bare.search(/\s(order\s+by|limit)\s/i);
  const [head, rest] = tail < 0 ? [text, ""] : [text.slice(0, tail), text.slice(tail)];
  const where = /\swhere\s/i.exec(bare.slice(0, head.length));
  if (!where) return `${head} where ${condition}${rest}`;
  return `${head.slice(0, where.index)} where (${head.slice(where.index + where[0].length)}) and ${condition}${rest}`;
}

// inPipeline is a query of one pipeline, whatever it asked before.
export const inPipeline = (query: string, plural: string, pipeline: string): string =>
  pipelineIn(query) === pipeline ? query : narrowed(query, plural, `pipeline = ${JSON.stringify(pipeline)}`);
