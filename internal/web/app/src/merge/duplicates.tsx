import { NativeSelect } from "@mantine/core";
import { useState } from "react";
import type { RecordsAlike } from "../api/api";
import { usePages, withQuery } from "../api/query";
import { Empty } from "../look/empty";
import { Anchor } from "../look/link";
import { Screen, Section } from "../look/screen";
import { Trouble } from "../look/trouble";
import { hrefOfRecord, labelOfField, labelOfFolder, mergeable, useFolders } from "../record/folders";
import { useSaid } from "../words/catalogue";
import { useTongue } from "../words/words";
import styles from "./merge.module.css";
import { said } from "./words";

// Duplicates lists records that are perhaps the same, and leads to the merge.
export function Duplicates() {
  const tongue = useTongue();
  const { desk } = tongue.words;
  const mine = useSaid(said);
  const all = useFolders().filter(mergeable);
  const [chosen, setChosen] = useState("");
  const folder = all.find((one) => one.plural === chosen) ?? all[0];
  const asked = usePages<RecordsAlike>(folder ? withQuery("/api/v1/duplicates", { folder: folder.plural }) : "", 100);
  const nameOfField = (key: string) => {
    const field = folder?.fields?.find((one) => one.key === key);
    return field ? labelOfField(field, tongue) : key;
  };
  const pairs = pairsOf(asked.items ?? []);
  return (
    <Screen
      title={desk.duplicates}
      tools={
        <NativeSelect
          aria-label={mine.folder}
          value={folder?.plural ?? ""}
          data={all.map((one) => ({ value: one.plural, label: labelOfFolder(one, tongue) }))}
          onChange={(event) => setChosen(event.currentTarget.value)}
        />
      }
    >
      {asked.error ? <Trouble cause={asked.error} onRetry={() => void asked.refetch()} /> : null}
      {pairs.length === 0 && asked.items && !asked.hasNextPage ? (
        <Empty title={mine.none} text={mine.noneText} />
      ) : null}
      {pairs.length > 0 ? (
        <Section title={desk.duplicates} count={pairs.length}>
          <ul className={styles.pairs}>
            {pairs.map(({ one, other }) => (
              <li key={`${one.record}/${other.record}`}>
                <span className={styles.names}>
                  <Anchor href={hrefOfRecord(one.record)}>{one.name}</Anchor>
                  <Anchor href={hrefOfRecord(other.record)}>{other.name}</Anchor>
                </span>
                <span className={styles.faint}>{mine.alike(nameOfField(other.field), other.value)}</span>
                <Anchor className={styles.act} href={`/merge?into=${one.record}&from=${other.record}`}>
                  {mine.compare}
                </Anchor>
              </li>
            ))}
          </ul>
        </Section>
      ) : null}
      {asked.hasNextPage ? (
        <button type="button" className={styles.more} onClick={() => void asked.fetchNextPage()}>
          {asked.isFetchingNextPage ? tongue.words.loading : desk.older}
        </button>
      ) : null}
    </Screen>
  );
}

type Twin = NonNullable<RecordsAlike["duplicates"]>[number];

// pairsOf names each two records once: the server tells it of both.
export function pairsOf(list: readonly RecordsAlike[]): { one: RecordsAlike; other: Twin }[] {
  const seen = new Set<string>();
  return list.flatMap((one) =>
    (one.duplicates ?? []).flatMap((other) => {
      const key = [one.record, other.record].sort().join("/");
      if (seen.has(key)) return [];
      seen.add(key);
      return [{ one, other }];
    }),
  );
}
