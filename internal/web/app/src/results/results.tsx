import type { CampaignResults } from "../api/api";
import { numberFormat } from "../look/formats";
import { Section } from "../look/screen";
import { amount, shortWhen } from "../look/when";
import { money } from "../record/value";
import { useSaid } from "../words/catalogue";
import { useTongue } from "../words/words";
import styles from "./results.module.css";
import { said } from "./words";

// What campaigns and sequences have in common.
export type Came = Omit<CampaignResults, "recipients"> & { recipients: Record<string, number> };

const wayDown = ["people", "sent", "delivered", "openers", "clickers", "replied"] as const;

// Results are what came of letters: how many got how far, what came back, and
// what was won since.
export function Results({ of, track }: { of: Came; track: string | undefined }) {
  const its = useSaid(said);
  const { tag } = useTongue();
  const people = Object.values(of.recipients).reduce((sum, n) => sum + n, 0);
  const sent = of.recipients.sent ?? 0;
  const numbers = {
    people,
    sent,
    delivered: of.delivered,
    openers: of.openers,
    clickers: of.clickers,
    replied: of.replied,
  };
  const seen = wayDown.filter((step) => track || (step !== "openers" && step !== "clickers"));
  const back = Object.entries({
    ...of.bounced,
    complained: of.complained,
    unsubscribed: of.unsubscribed,
    away: of.away,
    failed: of.recipients.failed ?? 0,
    unknown: of.recipients.unknown ?? 0,
  }).filter(([, n]) => n > 0);
  const machine = of.opens.machine + of.clicks.machine;
  return (
    <Section title={its.title}>
      <Bars
        rows={seen.map((step) => ({ key: step, name: its.bars[step] ?? step, n: numbers[step] }))}
        of={people}
        sent={sent}
      />
      {back.length > 0 ? (
        <>
          <h3 className={styles.head}>{its.came}</h3>
          <Bars
            bad
            rows={back.map(([key, n]) => ({ key, name: its.bounces[key] ?? key.replaceAll("_", " "), n }))}
            of={Math.max(...back.map(([, n]) => n))}
            sent={sent}
          />
        </>
      ) : null}
      {of.trouble ? (
        <p className={styles.again} role="status">
          {of.trouble.spent
            ? its.spent(shortWhen(of.trouble.next, tag, new Date()))
            : `${its.again(shortWhen(of.trouble.next, tag, new Date()))}: ${of.trouble.reason}`}
        </p>
      ) : null}
      <p className={styles.foot}>
        {of.rate_per_minute > 0 ? <span>{its.rate(amount(of.rate_per_minute, tag))}</span> : null}
        {of.finish ? <span>{its.finish(shortWhen(of.finish, tag, new Date()))}</span> : null}
        {machine > 0 ? <span>{its.machine(amount(machine, tag))}</span> : null}
        {of.won?.map((won) => (
          <span key={won.currency}>
            {its.won(won.deals)}: <strong>{money(won.amount, won.currency, tag)}</strong>
          </span>
        ))}
      </p>
    </Section>
  );
}

interface BarsProps {
  rows: readonly { key: string; name: string; n: number }[];
  of: number;
  sent: number;
  bad?: boolean;
}

// Bars are numbers as lengths, each with its name and its share.
function Bars({ rows, of, sent, bad = false }: BarsProps) {
  const its = useSaid(said);
  const { tag } = useTongue();
  const percent = numberFormat(tag, { style: "percent", maximumFractionDigits: 1 });
  return (
    <dl className={styles.bars} data-bad={bad}>
      {rows.map(({ key, name, n }) => (
        <div key={key}>
          <dt>{name}</dt>
          <dd>
            <svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
              <rect width={of > 0 ? (n * 100) / of : 0} height="10" />
            </svg>
            <strong>{amount(n, tag)}</strong>
            <span>{sent > 0 && key !== "people" && key !== "sent" ? its.of(percent.format(n / sent)) : ""}</span>
          </dd>
        </div>
      ))}
    </dl>
  );
}
