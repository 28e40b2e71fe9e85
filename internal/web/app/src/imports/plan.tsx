import { Button } from "@mantine/core";
import { useState } from "react";
import type { IntakeImport, IntakeLine } from "../api/api";
import { usePages, useSend, withQuery } from "../api/query";
import { useTry } from "../look/attempt";
import { Counted } from "../look/counted";
import { Section } from "../look/screen";
import { useSaid } from "../words/catalogue";
import { useWords } from "../words/words";
import styles from "./imports.module.css";
import { Rows } from "./rows";
import { said } from "./words";

// Plan is what becomes of each row, before anything is written.
export function Plan({ of }: { of: IntakeImport }) {
  const mine = useSaid(said);
  const send = useSend();
  const [trouble, attempt] = useTry();
  const run = () => attempt(() => send(`/api/v1/imports/${of.id}/apply`, {}));
  const decide = (row: number, what: string) =>
    void attempt(() =>
      send(`/api/v1/imports/${of.id}/rows`, {
        method: "PATCH",
        body: { rows: [{ row, ...(what ? { do: what } : {}) }] },
      }),
    );
  return (
    <>
      <Lines of={of} title={mine.planned} names={mine.outcomes} decide={decide} />
      {trouble}
      <div>
        <Button onClick={() => void run()}>{mine.run}</Button>
      </div>
    </>
  );
}

interface LinesProps {
  of: IntakeImport;
  title: string;
  names: Readonly<Record<string, string>>;
  decide?: (row: number, what: string) => void;
}

const outcomes = ["create", "update", "merge", "skip", "error", "warning"];

// Lines are the rows with what becomes of them, and how many there are of each;
// a press on an outcome shows only its rows.
export function Lines({ of, title, names, decide }: LinesProps) {
  const words = useWords();
  const mine = useSaid(said);
  const [only, setOnly] = useState("");
  const counts = of.counts ?? {};
  const asked = usePages<IntakeLine>(withQuery(`/api/v1/imports/${of.id}/rows`, { only }), 100);
  return (
    <Section title={title}>
      <Counted
        of={outcomes}
        counts={counts}
        names={names}
        all={
          <>
            {mine.all} <strong>{of.total}</strong>
          </>
        }
        only={only}
        choose={setOnly}
      >
        {counts.made ? (
          <span className={styles.faint}>
            {names.made}: {counts.made}
          </span>
        ) : null}
      </Counted>
      <Rows lines={asked.items ?? []} names={names} decide={decide} />
      {asked.hasNextPage ? (
        <button type="button" className={styles.more} onClick={() => void asked.fetchNextPage()}>
          {words.desk.older}
        </button>
      ) : null}
    </Section>
  );
}
