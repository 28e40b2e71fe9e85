import type { TimelineList } from "../api/api";
import { useGet } from "../api/query";
import { KindChip } from "../look/badge";
import { Anchor } from "../look/link";
import { hrefOfRecord } from "../record/folders";
import { Timeline } from "../record/timeline";
import { useSaid } from "../words/catalogue";
import styles from "./start.module.css";
import { Step } from "./step";
import { said } from "./words";

// First is the timeline of the contact with whom was mail last.
export function First({ stored }: { stored: number }) {
  const its = useSaid(said);
  const rows = useGet<TimelineList>(stored > 0 ? "/api/v1/messages?limit=50" : "").data?.items ?? [];
  const contact = rows.flatMap((row) => row.links ?? []).find((link) => link.kind === "contact");
  return (
    <Step title={its.steps.timeline} done={contact !== undefined} waits={contact ? "" : its.timelineWaits}>
      <p>{its.timelineText}</p>
      {contact ? (
        <>
          <Anchor className={styles.whose} href={hrefOfRecord(contact.record)}>
            <KindChip kind="contact" name={contact.name} />
          </Anchor>
          <Timeline path={`/api/v1/contacts/${contact.record}`} />
        </>
      ) : null}
    </Step>
  );
}
