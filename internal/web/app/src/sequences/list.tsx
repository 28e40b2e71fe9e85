import { Button } from "@mantine/core";
import { useState } from "react";
import type { SequenceView } from "../api/api";
import { usePages } from "../api/query";
import styles from "../campaigns/campaigns.module.css";
import { Empty } from "../look/empty";
import { Anchor } from "../look/link";
import { Screen, Section } from "../look/screen";
import { Trouble } from "../look/trouble";
import { shortWhen } from "../look/when";
import { useSaid } from "../words/catalogue";
import { useTongue } from "../words/words";
import { Editor } from "./editor";
import { said } from "./words";

// Sequences are letters one after another, until somebody answers.
export function Sequences() {
  const its = useSaid(said);
  const { tag, words } = useTongue();
  const [making, setMaking] = useState(false);
  const asked = usePages<SequenceView>("/api/v1/sequences", 50);
  return (
    <Screen
      title={words.desk.sequences}
      tools={
        <Button size="xs" onClick={() => setMaking(!making)}>
          {its.make}
        </Button>
      }
    >
      {asked.error ? <Trouble cause={asked.error} onRetry={() => void asked.refetch()} /> : null}
      {making ? <Editor /> : null}
      {asked.items?.length === 0 && !making ? <Empty title={its.none} text={its.noneText} /> : null}
      {asked.items?.length ? (
        <Section title={words.desk.sequences} count={asked.items.length}>
          <ul className={styles.list}>
            {asked.items.map((one) => (
              <li key={one.id}>
                <Anchor href={`/sequences/${one.id}`}>{one.name}</Anchor>
                <span className={styles.state} data-state={one.status === "active" ? "sending" : one.status}>
                  {its.statuses[one.status]}
                </span>
                <span className={styles.faint}>
                  {its.steps}: {one.steps?.length ?? 0}
                </span>
                <time dateTime={one.at}>{shortWhen(one.at, tag, new Date())}</time>
              </li>
            ))}
          </ul>
        </Section>
      ) : null}
    </Screen>
  );
}
