import { useState } from "react";
import type { CampaignView, CampaignWatched } from "../api/api";
import { usePages, withQuery } from "../api/query";
import { Counted } from "../look/counted";
import { Anchor } from "../look/link";
import { Section } from "../look/screen";
import { Scroll } from "../look/scroll";
import { hrefOfRecord } from "../record/folders";
import { useNames } from "../record/names";
import { useSaid } from "../words/catalogue";
import { useWords } from "../words/words";
import styles from "./campaigns.module.css";
import { said } from "./words";

const states = ["queued", "claimed", "sent", "failed", "unknown", "excluded"];

// Ledger is everybody who gets the letter or does not, and why.
export function Ledger({ of }: { of: CampaignView }) {
  const { desk } = useWords();
  const mine = useSaid(said);
  const [only, setOnly] = useState("");
  const asked = usePages<CampaignWatched>(withQuery(`/api/v1/campaigns/${of.id}/recipients`, { state: only }), 100);
  const names = useNames((asked.items ?? []).map((one) => one.contact));
  const counts = of.recipients ?? {};
  return (
    <Section title={mine.ledger}>
      <Bars counts={counts} />
      <Counted of={states} counts={counts} names={mine.states} all={mine.all} only={only} choose={setOnly} />
      <Scroll label={mine.ledger}>
        <table className={styles.table}>
          <tbody>
            {asked.items?.map((one) => (
              <tr key={one.id}>
                <td>
                  <Anchor href={hrefOfRecord(one.contact)}>{names[one.contact]}</Anchor>{" "}
                  <span className={styles.faint}>{one.address}</span>
                </td>
                <td>
                  <span className={styles.state} data-state={one.state}>
                    {mine.states[one.state] ?? one.state}
                  </span>
                </td>
                <td>{one.said || reasonOf(one.reason ?? "", mine.reasons)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
      {asked.hasNextPage ? (
        <button type="button" className={styles.more} onClick={() => void asked.fetchNextPage()}>
          {desk.older}
        </button>
      ) : null}
    </Section>
  );
}

// reasonOf says a reason in words; what follows its colon is told as it is.
export function reasonOf(reason: string, names: Readonly<Record<string, string>>): string {
  const [key = "", ...rest] = reason.split(": ");
  const name = names[key] ?? key.replaceAll("_", " ");
  return rest.length > 0 ? `${name}: ${rest.join(": ")}` : name;
}

// Bars are how many are in which state, as lengths.
function Bars({ counts }: { counts: Readonly<Record<string, number>> }) {
  const mine = useSaid(said);
  const all = states.reduce((sum, state) => sum + (counts[state] ?? 0), 0) || 1;
  return (
    <svg className={styles.bars} viewBox="0 0 100 4" preserveAspectRatio="none" role="img" aria-label={mine.ledger}>
      {states.map((state, i) => {
        const before = states.slice(0, i).reduce((sum, one) => sum + (counts[one] ?? 0), 0);
        const width = ((counts[state] ?? 0) * 100) / all;
        return <rect key={state} data-state={state} x={(before * 100) / all} width={width} height="4" />;
      })}
    </svg>
  );
}
