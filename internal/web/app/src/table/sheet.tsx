import { useMemo, useState } from "react";
import type { FieldView, FolderView } from "../api/api";
import { withQuery } from "../api/query";
import { Empty } from "../look/empty";
import { Anchor } from "../look/link";
import { Trouble } from "../look/trouble";
import { apiOf } from "../record/folders";
import { useWords } from "../words/words";
import { Bulk, type Order } from "./bulk";
import { Grid } from "./grid";
import { useRows } from "./rows";

interface Props {
  folder: FolderView;
  fields: readonly FieldView[];
  query: string;
  sort: (query: string) => void;
}

// Sheet is the grid of a query, and what is done with the rows that are chosen.
export function Sheet(props: Props) {
  return <Asked key={props.query} {...props} />;
}

function Asked({ folder, fields, query, sort }: Props) {
  const rows = useRows(withQuery(apiOf(folder), { q: query || undefined }));
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set());
  const [whole, setWhole] = useState(false); // all that match, also those that are not loaded
  const turn = useMemo(
    () => (id: string) => {
      setWhole(false);
      setIds((before) => {
        const after = new Set(before);
        if (!after.delete(id)) after.add(id);
        return after;
      });
    },
    [],
  );
  const clear = () => {
    setWhole(false);
    setIds(new Set());
  };
  const all = () => {
    if (ids.size > 0) return clear();
    const loaded = Array.from({ length: rows.count }, (_, i) => rows.at(i)?.id);
    setIds(new Set(loaded.filter((id): id is string => id !== undefined)));
    setWhole(rows.more || rows.count > 1000);
  };
  if (rows.error && rows.count === 0) return <Trouble cause={rows.error} onRetry={rows.again} />;
  if (!rows.ready) return null;
  if (rows.count === 0) return <Nothing folder={folder} asked={query !== ""} />;
  const order: Order =
    whole || ids.size > 1000 ? { query: query || folder.plural } : { query: folder.plural, records: [...ids] };
  return (
    <>
      <Grid folder={folder} fields={fields} rows={rows} order={query} sort={sort} chosen={{ ids, turn, all }} />
      {ids.size > 0 ? (
        <Bulk
          folder={folder}
          query={query}
          order={order}
          chosen={whole ? null : ids.size}
          all={() => setWhole(true)}
          clear={clear}
        />
      ) : null}
    </>
  );
}

// Nothing says how records get into a folder, or that none answers a query.
function Nothing({ folder, asked }: { folder: FolderView; asked: boolean }) {
  const { desk } = useWords();
  if (asked) return <Empty title={desk.noRecordsTitle} text={desk.noMatchText} />;
  const met = folder.kind === "contact" || folder.kind === "company"; // mail tells of these
  return (
    <Empty title={desk.noRecordsTitle} text={folder.create === false ? "" : desk.noRecordsText}>
      {met ? <Anchor href="/start">{desk.noRecordsMet}</Anchor> : null}
    </Empty>
  );
}
