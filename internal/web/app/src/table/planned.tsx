import { useState } from "react";
import type { BulkEdit, BulkEditLine, FolderView, ItemsEditLine } from "../api/api";
import { useGet, withQuery } from "../api/query";
import { Counted } from "../look/counted";
import { Anchor } from "../look/link";
import { Scroll } from "../look/scroll";
import { amount } from "../look/when";
import { Diff } from "../record/diff";
import { hrefOfRecord } from "../record/folders";
import { useSaid } from "../words/catalogue";
import { useTongue } from "../words/words";
import styles from "./table.module.css";
import { said } from "./words";

const shown = 100;

// Planned is what an edit would make of each record.
export function Planned({ plan, folder }: { plan: BulkEdit; folder: FolderView }) {
  const its = useSaid(said);
  const { tag } = useTongue();
  const [only, setOnly] = useState("");
  const path = withQuery(`/api/v1/bulk/${plan.id}/rows`, { limit: shown, only });
  const lines = useGet<ItemsEditLine>(path).data?.items ?? [];
  return (
    <div>
      <Counted
        of={["set", "skip", "error"]}
        counts={plan.counts ?? {}}
        names={its.outcomes}
        all={its.allOf(amount(plan.total, tag))}
        only={only}
        choose={setOnly}
      />
      {plan.counts?.set ? null : <p>{its.nothing}</p>}
      <Scroll label={its.plan}>
        <ul className={styles.lines}>
          {lines.map((line) => (
            <Line key={line.record} line={line} folder={folder} />
          ))}
        </ul>
      </Scroll>
    </div>
  );
}

function Line({ line, folder }: { line: BulkEditLine; folder: FolderView }) {
  const its = useSaid(said);
  return (
    <li data-do={line.do}>
      <Anchor href={hrefOfRecord(line.record)}>{line.name}</Anchor>
      {line.diff?.map((diff) => (
        <Diff key={diff.field} diff={diff} folder={folder} />
      ))}
      {line.fault ? (
        <span className={styles.bad}>{[line.fault.detail, line.fault.hint].filter(Boolean).join(" – ")}</span>
      ) : null}
      {line.do === "skip" ? <span>{its.outcomes.skip}</span> : null}
    </li>
  );
}
