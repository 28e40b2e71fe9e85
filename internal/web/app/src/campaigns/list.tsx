import { Button } from "@mantine/core";
import { useState } from "react";
import type { ItemsCampaign } from "../api/api";
import { usePages } from "../api/query";
import { Empty } from "../look/empty";
import { Anchor } from "../look/link";
import { Screen, Section } from "../look/screen";
import { Trouble } from "../look/trouble";
import { shortWhen } from "../look/when";
import { useSaid } from "../words/catalogue";
import { useTongue } from "../words/words";
import styles from "./campaigns.module.css";
import { Composer } from "./composer";
import { said } from "./words";

type Campaign = NonNullable<ItemsCampaign["items"]>[number];

// Campaigns are one letter to many people each.
export function Campaigns() {
  const { tag } = useTongue();
  const mine = useSaid(said);
  const [making, setMaking] = useState(false);
  const asked = usePages<Campaign>("/api/v1/campaigns", 50);
  return (
    <Screen
      title={mine.title}
      tools={
        <Button size="xs" onClick={() => setMaking(!making)}>
          {mine.make}
        </Button>
      }
    >
      {asked.error ? <Trouble cause={asked.error} onRetry={() => void asked.refetch()} /> : null}
      {making ? <Composer /> : null}
      {asked.items?.length === 0 && !making ? <Empty title={mine.none} text={mine.noneText} /> : null}
      {asked.items?.length ? (
        <Section title={mine.title} count={asked.items.length}>
          <ul className={styles.list}>
            {asked.items.map((one) => (
              <li key={one.id}>
                <Anchor href={`/campaigns/${one.id}`}>{one.name}</Anchor>
                <span className={styles.state} data-state={one.status}>
                  {mine.statuses[one.status] ?? one.status}
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
