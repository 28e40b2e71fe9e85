import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { ItemsPerson, LedgerPerson, RecordsAccepted } from "../api/api";
import { call } from "../api/client";
import { useSend } from "../api/query";
import { Anchor } from "../look/link";
import { reasonFor } from "../look/trouble";
import { useUndo } from "../shell/undo";
import { useSaid } from "../words/catalogue";
import { useWords } from "../words/words";
import styles from "./start.module.css";
import { Step } from "./step";
import { said } from "./words";

const shown = 6;
const step = 250; // so many more mails may hold other people

// Met are the people to whom was written and who are no contacts: one press
// makes contacts and companies of all of them, and one takes that back.
export function Met({ stored }: { stored: number }) {
  const words = useWords();
  const its = useSaid(said);
  const send = useSend();
  const undo = useUndo();
  const [trouble, setTrouble] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const people = useMet(stored);
  const accept = async () => {
    setBusy(true);
    try {
      const made = await send<RecordsAccepted>("/api/v1/suggestions/accept", { body: { mode: "written_to" } });
      undo.offer(its.accepted(made.contacts, made.companies), made.batch);
      setTrouble(null);
    } catch (cause) {
      setTrouble(reasonFor(cause, words));
    }
    setBusy(false);
  };
  const met = people?.filter((one) => one.written > 0) ?? [];
  const anybody = useAnybody();
  return (
    <Step
      title={its.steps.people}
      done={anybody && people !== null && met.length === 0}
      waits={stored > 0 && people ? "" : its.peopleWaits}
    >
      {met.length > 0 ? (
        <>
          <p>{its.peopleText(met.length)}</p>
          <ul className={styles.people}>
            {met.slice(0, shown).map((one) => (
              <Person key={one.address} one={one} />
            ))}
            {met.length > shown ? <li className={styles.rest}>{its.peopleMore(met.length - shown)}</li> : null}
          </ul>
          <Button loading={busy} onClick={() => void accept()}>
            {its.accept(met.length)}
          </Button>
        </>
      ) : (
        <p>
          {anybody ? its.known : its.nobody} <Anchor href="/imports?folder=contacts">{its.import}</Anchor>
        </p>
      )}
      {trouble ? (
        <p className={styles.trouble} role="alert">
          {trouble}
        </p>
      ) : null}
    </Step>
  );
}

function Person({ one }: { one: LedgerPerson }) {
  const its = useSaid(said);
  return (
    <li>
      <strong>{one.name || one.address}</strong>
      <span>{one.name ? one.address : ""}</span>
      <span>{its.written(one.written)}</span>
    </li>
  );
}

// useMet asks again as the store fills, but not at every mail: it is a long look.
function useMet(stored: number): readonly LedgerPerson[] | null {
  const round = Math.ceil(stored / step);
  const { data } = useQuery({
    queryKey: ["/api/v1/suggestions", round],
    queryFn: ({ signal }) => call<ItemsPerson>("/api/v1/suggestions?limit=10000", { signal }),
    placeholderData: (before) => before,
    enabled: stored > 0,
  });
  return data ? (data.items ?? []) : null;
}

function useAnybody(): boolean {
  const { data } = useQuery({
    queryKey: ["/api/v1/contacts?limit=1"],
    queryFn: ({ signal }) => call<{ items: unknown[] | null }>("/api/v1/contacts?limit=1", { signal }),
  });
  return (data?.items?.length ?? 0) > 0;
}
