import { useParams } from "@tanstack/react-router";
import type { TimelineExplained, TimelineReason, WhyView } from "../api/api";
import { useGet } from "../api/query";
import { Unsearched } from "../health/where";
import { KindChip } from "../look/badge";
import { Anchor } from "../look/link";
import { Quiet, Screen, Section } from "../look/screen";
import { Trouble } from "../look/trouble";
import { longWhen } from "../look/when";
import { hrefOfRecord } from "../record/folders";
import { hrefOf } from "../route";
import { useSaid } from "../words/catalogue";
import { nameOf, useTongue } from "../words/words";
import { Correction, Others } from "./correction";
import styles from "./why.module.css";
import { rules } from "./words";

// WhyPage explains one mail: where it lies, where it is logged, by which rule and
// what evidence, and lets each answer be corrected.
export function WhyPage() {
  const { message = "" } = useParams({ strict: false }) as { message?: string };
  const { words } = useTongue();
  const { data, error, refetch } = useGet<WhyView>(`/api/v1/messages/${encodeURIComponent(message)}/why`);
  const one = data?.stored?.[0];
  return (
    <Screen title={words.desk.whyHere}>
      {error ? <Trouble cause={error} onRetry={() => void refetch()} /> : null}
      {data && !one ? <Servers why={data} /> : null}
      {one ? <Explained mail={one} /> : null}
    </Screen>
  );
}

function Servers({ why }: { why: WhyView }) {
  const { words } = useTongue();
  return (
    <Section title={words.desk.notStored}>
      <ul className={styles.list}>
        {(why.servers ?? []).map((server) => (
          <li key={server.mailbox}>
            <strong>{server.address}</strong> {nameOf(words.desk.whereabouts, server.state)} {server.folder}{" "}
            {nameOf(words.reasons, server.skip ?? server.dead ?? "")} {server.problem}
            <Unsearched folders={server.closed} />
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Explained({ mail }: { mail: TimelineExplained }) {
  const { tag, words } = useTongue();
  const { desk } = words;
  const links = mail.links ?? [];
  return (
    <>
      <p>
        <Anchor href={hrefOf({ message: mail.id })}>{mail.subject || words.noSubject}</Anchor>{" "}
        <span className={styles.faint}>{longWhen(mail.date, tag)}</span>
      </p>
      <Section title={words.because} count={links.length}>
        {links.length === 0 ? <Quiet>{mail.not_logged_text || nameOf(words.nots, mail.not_logged ?? "")}</Quiet> : null}
        <ul className={styles.links}>
          {links.map((link) => (
            <li key={link.record}>
              <Reason link={link} />
              <Correction message={mail.id} link={link} />
            </li>
          ))}
        </ul>
        <Others message={mail.id} />
      </Section>
      <Section title={desk.liesWhere}>
        <ul className={styles.list}>
          {(mail.copies ?? []).map((copy) => (
            <li key={copy.id}>{words.liesIn(copy.box, copy.mailbox)}</li>
          ))}
          {mail.rfc_id ? (
            <li>
              Message-ID <code>{mail.rfc_id}</code>
            </li>
          ) : null}
          <li>{desk.ruleSet(mail.rule_set)}</li>
        </ul>
      </Section>
    </>
  );
}

function Reason({ link }: { link: TimelineReason }) {
  const { desk } = useTongue().words;
  const names = useSaid(rules);
  return (
    <div className={styles.reason}>
      <Anchor href={hrefOfRecord(link.record)}>
        <KindChip kind={link.kind} name={link.name} />
      </Anchor>
      <p>{link.because}</p>
      <p className={styles.sure}>
        <meter min={0} max={100} value={link.confidence} aria-label={desk.sure} />
        {desk.rule(nameOf(names, link.rule))}
        {link.by ? ` · ${link.by}` : ""}
      </p>
    </div>
  );
}
