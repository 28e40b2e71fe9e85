import { Button } from "@mantine/core";
import { lazy, Suspense, useState } from "react";
import type { FolderView } from "../api/api";
import { amount } from "../look/when";
import { useSaid } from "../words/catalogue";
import { useTongue } from "../words/words";
import { useGroups } from "./groups";
import styles from "./table.module.css";
import { said } from "./words";

export interface Order {
  query: string;
  records?: string[];
}

interface Props {
  folder: FolderView;
  query: string;
  order: Order;
  chosen: number | null; // null: all that match
  all: () => void;
  clear: () => void;
}

const Editing = lazy(() => import("./editing"));

// Bulk says how many rows are chosen and leads to editing them.
export function Bulk({ folder, query, order, chosen, all, clear }: Props) {
  const its = useSaid(said);
  const { tag, words } = useTongue();
  const [open, setOpen] = useState(false);
  const total = useGroups(folder, query, "").data;
  const matching = total ? amount(total.total.count, tag) + (total.cut ? "+" : "") : "…";
  const many = chosen === null ? matching : amount(chosen, tag);
  return (
    <section className={styles.bulk} aria-label={its.chosen(many)}>
      <strong role="status">{its.chosen(many)}</strong>
      {chosen !== null && total && total.total.count > chosen ? (
        <button type="button" onClick={all}>
          {its.allThatMatch(matching)}
        </button>
      ) : null}
      <Button size="xs" onClick={() => setOpen(true)}>
        {its.edit}
      </Button>
      <button type="button" onClick={clear}>
        {words.desk.clear}
      </button>
      {open ? (
        <Suspense>
          <Editing
            folder={folder}
            order={order}
            many={many}
            close={(done) => {
              setOpen(false);
              if (done) clear();
            }}
          />
        </Suspense>
      ) : null}
    </section>
  );
}
