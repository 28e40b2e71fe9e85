import { Button } from "@mantine/core";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import type { FolderView, RecordView } from "../api/api";
import { usePages, withQuery } from "../api/query";
import { Empty } from "../look/empty";
import { Anchor } from "../look/link";
import { Screen } from "../look/screen";
import { Trouble } from "../look/trouble";
import { apiOf, labelOfFolder, useFolders } from "../record/folders";
import { useTongue } from "../words/words";
import { Columns, useColumns } from "./columns";
import { Grid } from "./grid";
import { NewRecord } from "./new_record";
import { QueryBar } from "./query_bar";
import styles from "./table.module.css";

// FolderPage is the table of a folder: a query above, rows below.
export function FolderPage() {
  const { plural = "" } = useParams({ strict: false }) as { plural?: string };
  const { words } = useTongue();
  const folders = useFolders();
  const folder = folders.find((one) => one.plural === plural);
  if (folder) return <Table key={plural} folder={folder} />;
  if (folders.length === 0) return null;
  return <Empty title={words.desk.noPageTitle} text={words.desk.noPageText} />;
}

function Table({ folder }: { folder: FolderView }) {
  const tongue = useTongue();
  const { desk } = tongue.words;
  const { q, new: anew } = useSearch({ strict: false }) as { q?: string; new?: number };
  const navigate = useNavigate();
  const ask = (text: string) => void navigate({ to: `/${folder.plural}`, search: (text ? { q: text } : {}) as never });
  const asked = usePages<RecordView>(withQuery(apiOf(folder), { q }));
  const columns = useColumns(folder);
  const [making, setMaking] = useState(anew === 1);
  return (
    <Screen
      wide
      title={labelOfFolder(folder, tongue)}
      tools={
        <>
          <Columns folder={folder} columns={columns} />
          <Anchor className={styles.tool} href={`/imports?folder=${folder.plural}`}>
            {desk.imports}
          </Anchor>
          <Button size="xs" onClick={() => setMaking(true)}>
            {desk.create}
          </Button>
        </>
      }
    >
      <QueryBar key={q ?? ""} plural={folder.plural} query={q ?? ""} ask={ask} />
      {asked.error && !q ? <Trouble cause={asked.error} onRetry={() => void asked.refetch()} /> : null}
      {asked.error && q ? <Trouble cause={asked.error} /> : null}
      {asked.items?.length === 0 ? (
        <Empty title={desk.noRecordsTitle} text={q ? desk.noMatchText : desk.noRecordsText} />
      ) : null}
      {asked.items?.length ? (
        <Grid
          folder={folder}
          fields={columns.shown}
          rows={asked.items}
          order={q ?? ""}
          sort={ask}
          more={asked.hasNextPage && !asked.isFetchingNextPage ? () => void asked.fetchNextPage() : undefined}
        />
      ) : null}
      <NewRecord folder={folder} open={making} close={() => setMaking(false)} />
    </Screen>
  );
}
