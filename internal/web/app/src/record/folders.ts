import { useMemo } from "react";
import type { FieldView, FolderView, ItemsFolderView, ItemsUserView, RecordView } from "../api/api";
import { useGet } from "../api/query";
import { nameOf, type Tongue } from "../words/words";

// Folders are the kinds of records of this workspace with their fields, as the
// server tells them: screens follow from them.

const none: readonly FolderView[] = [];

export function useFolders(): readonly FolderView[] {
  const items = useGet<ItemsFolderView>("/api/v1/folders").data?.items;
  return useMemo(() => items?.map(worded) ?? none, [items]);
}

// Worded is a field that is called otherwise than others of its key.
interface Worded extends FieldView {
  word?: string;
}

const people = new Set(["contact", "lead"]);

// worded tells the title that somebody has at work from that of a task.
function worded(folder: FolderView): FolderView {
  if (!people.has(folder.kind)) return folder;
  const fields = (folder.fields ?? []).map((field) =>
    field.key === "title" ? { ...field, word: "job_title" } : field,
  );
  return { ...folder, fields };
}

export function folderOf(folders: readonly FolderView[], id: string): FolderView | undefined {
  const prefix = id.slice(0, id.lastIndexOf("_"));
  return folders.find((folder) => folder.prefix === prefix);
}

const twins = new Set(["contacts", "companies", "leads"]);

// mergeable tells whether the reader may make one of records that are perhaps the same.
export const mergeable = ({ plural, custom, merge }: FolderView) =>
  merge === true && (custom === true || twins.has(plural));

// apiOf is where the records of a folder have their address.
export function apiOf(folder: FolderView): string {
  return folder.custom ? `/api/v1/records/${folder.plural}` : `/api/v1/${folder.plural}`;
}

// hrefOfRecord is the page of a record; its kind follows from its id.
export const hrefOfRecord = (id: string) => `/records/${encodeURIComponent(id)}`;

export function labelOfFolder(folder: FolderView, { tag, words }: Tongue): string {
  return folder.labels?.[tag.slice(0, 2)] ?? nameOf(words.desk.folders, folder.plural);
}

export function labelOfField(field: Worded, { tag, words }: Tongue): string {
  return field.labels?.[tag.slice(0, 2)] ?? nameOf(words.desk.fields, field.word ?? field.key);
}

// titleOf is what people call a record.
export function titleOf(record: RecordView): string {
  return String(record.values.name || record.values.title || record.values.text || record.id);
}

// Names of people by their id.
export function useUsers(): Readonly<Record<string, string>> {
  const { data } = useGet<ItemsUserView>("/api/v1/users");
  return useMemo(
    () => Object.fromEntries((data?.items ?? []).map((user) => [user.id, user.name || user.email])),
    [data],
  );
}

// Fields that the program keeps for itself and that no form shows.
const inward = new Set(["stage_history", "stage_kind", "contacts_roles", "former", "pipeline", "created"]);

// Of a meeting, what its invitation said is told by the timeline.
export const shownFields = (folder: FolderView) =>
  (folder.fields ?? []).filter((field) => !inward.has(field.key) && !(folder.kind === "meeting" && field.system));
