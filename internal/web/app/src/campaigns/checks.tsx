import { useQuery } from "@tanstack/react-query";
import type { CampaignView, ItemsFinding } from "../api/api";
import { call } from "../api/client";
import { Coded } from "../look/coded";
import { Section } from "../look/screen";
import { Sign } from "../look/sign";
import { Trouble } from "../look/trouble";
import { useSaid } from "../words/catalogue";
import { useWords } from "../words/words";
import styles from "./campaigns.module.css";
import { said } from "./checks_words";

const worst = ["refused", "warning", "ok"];

// Checks are what receivers would say to the first mail, and how to mend it. They
// ask the name servers of others, so they are made when they are wanted.
export function Checks({ of }: { of: CampaignView }) {
  const its = useSaid(said);
  const words = useWords();
  const asked = useQuery({
    queryKey: ["checks", of.id],
    queryFn: ({ signal }) => call<ItemsFinding>(`/api/v1/campaigns/${of.id}/checks`, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const found = [...(asked.data?.items ?? [])].sort((a, b) => worst.indexOf(a.level) - worst.indexOf(b.level));
  return (
    <Section title={its.title}>
      {asked.isFetching ? (
        <p className={styles.checking} role="status">
          {its.busy}
        </p>
      ) : null}
      {asked.error ? <Trouble cause={asked.error} onRetry={() => void asked.refetch()} /> : null}
      <ul className={styles.checks}>
        {found.map((one) => (
          <li key={one.check} data-level={one.level}>
            <Sign name={one.level === "ok" ? "check" : one.level === "warning" ? "warn" : "close"} />
            <div>
              <p>
                <strong>{its.checks[one.check] ?? one.check}</strong> <span>{its.levels[one.level]}</span>
              </p>
              <p>{one.text}</p>
              {one.fix ? (
                <p className={styles.fix}>
                  <Coded text={one.fix} />
                </p>
              ) : null}
            </div>
          </li>
        ))}
      </ul>
      {asked.isFetching ? null : (
        <button type="button" className={styles.look} onClick={() => void asked.refetch()}>
          {words.retry}
        </button>
      )}
    </Section>
  );
}
