import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { CrmProposal, RecordView } from "../api/api";
import { call } from "../api/client";
import { useSend } from "../api/query";
import { useTry } from "../look/attempt";
import { exactWhen } from "../look/when";
import type { Catalogue } from "../words/catalogue";
import { useSaid } from "../words/catalogue";
import { useTongue } from "../words/words";
import styles from "./record.module.css";

interface Said {
  alone: (when: string, by: string) => string;
  one: (was: string, when: string, by: string) => string;
  series: (first: string, by: string) => string;
  accept: string;
  moved: (when: string) => string;
}

const said: Catalogue<Said> = {
  en: {
    alone: (when, by) => `Another time is proposed: ${when} (${by})`,
    one: (was, when, by) => `Another time is proposed for the one of ${was}: ${when} (${by})`,
    series: (first, by) => `Another time is proposed for the whole series, its first meeting ${first} (${by})`,
    accept: "Accept the time",
    moved: (when) => `The meeting is moved to ${when}`,
  },
  fr: {
    alone: (when, by) => `Autre horaire proposé : ${when} (${by})`,
    one: (was, when, by) => `Autre horaire proposé pour celle du ${was} : ${when} (${by})`,
    series: (first, by) => `Autre horaire proposé pour toute la série, première réunion le ${first} (${by})`,
    accept: "Accepter l’horaire",
    moved: (when) => `La réunion est déplacée au ${when}`,
  },
  it: {
    alone: (when, by) => `Proposto un altro orario: ${when} (${by})`,
    one: (was, when, by) => `Proposto un altro orario per quella del ${was}: ${when} (${by})`,
    series: (first, by) => `Proposto un altro orario per tutta la serie, prima riunione ${first} (${by})`,
    accept: "Accetta l’orario",
    moved: (when) => `La riunione è spostata: ${when}`,
  },
  pl: {
    alone: (when, by) => `Zaproponowano inny termin: ${when} (${by})`,
    one: (was, when, by) => `Zaproponowano inny termin zamiast ${was}: ${when} (${by})`,
    series: (first, by) => `Zaproponowano inny termin całego cyklu, pierwsze spotkanie: ${first} (${by})`,
    accept: "Przyjmij termin",
    moved: (when) => `Spotkanie przeniesione na ${when}`,
  },
};

interface Props {
  meeting: string;
  proposed: CrmProposal;
  allDay?: boolean | undefined;
}

// Proposed is another time that somebody asks for a meeting. That of a single one
// is taken over by a click; when a series is, only its organizer can say.
export function Proposed({ meeting, proposed, allDay }: Props) {
  const { tag } = useTongue();
  const its = useSaid(said);
  const send = useSend();
  const client = useQueryClient();
  const [trouble, attempt] = useTry();
  const [busy, setBusy] = useState(false);
  const { start, end, by, of, series } = proposed;
  const when = exactWhen(start, tag, allDay);
  const accept = async () => {
    const path = `/api/v1/meetings/${meeting}`;
    const now = await call<RecordView>(path);
    if (now.values.proposed !== start) return client.invalidateQueries(); // another one by now, or none
    const body = { values: { started: start, ends: end ?? null } };
    return send(path, { method: "PATCH", version: now.version, body, said: its.moved(when) });
  };
  const click = async () => {
    setBusy(true);
    await attempt(accept);
    setBusy(false);
  };
  if (series) return <p className={styles.because}>{its.series(when, by)}</p>;
  if (of) return <p className={styles.because}>{its.one(exactWhen(of, tag, allDay), when, by)}</p>;
  return (
    <div className={styles.because}>
      {its.alone(when, by)}{" "}
      <button type="button" className={styles.accept} disabled={busy} onClick={() => void click()}>
        {its.accept}
      </button>
      {trouble}
    </div>
  );
}
