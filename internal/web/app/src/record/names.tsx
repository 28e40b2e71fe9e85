import { useQueries } from "@tanstack/react-query";
import type { RecordView } from "../api/api";
import { call } from "../api/client";
import { KindChip } from "../look/badge";
import { Anchor } from "../look/link";
import { apiOf, folderOf, hrefOfRecord, titleOf, useFolders } from "./folders";
import styles from "./record.module.css";

// Names shows records by their names, each asked for once on a page.
export function Names({ ids }: { ids: readonly string[] }) {
  const folders = useFolders();
  const asked = useQueries({
    queries: ids.map((id) => {
      const folder = folderOf(folders, id);
      const path = folder ? `${apiOf(folder)}/${id}` : "";
      return {
        queryKey: [path],
        enabled: path !== "",
        staleTime: 60_000,
        queryFn: ({ signal }: { signal: AbortSignal }) => call<RecordView>(path, { signal }),
      };
    }),
  });
  if (ids.length === 0) return <span className={styles.none}>–</span>;
  return (
    <span className={styles.names}>
      {ids.map((id, i) => {
        const record = asked[i]?.data;
        return (
          <Anchor key={id} href={hrefOfRecord(id)}>
            <KindChip kind={folderOf(folders, id)?.kind ?? "note"} name={record ? titleOf(record) : "…"} />
          </Anchor>
        );
      })}
    </span>
  );
}
