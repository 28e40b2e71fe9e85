import { useCallback } from "react";
import { folderOf, useFolders } from "./folders";

// useKindOf tells of what kind a record is, by its id.
export function useKindOf(): (id: string) => string {
  const folders = useFolders();
  return useCallback((id: string) => folderOf(folders, id)?.kind ?? "note", [folders]);
}
