import { Button } from "@mantine/core";
import { useState } from "react";
import type { RecordView } from "../api/api";
import { useTry } from "../look/attempt";
import { Drop } from "../look/drop";
import type { Catalogue } from "../words/catalogue";
import { useSaid } from "../words/catalogue";
import { localOf, momentOf } from "./moment";
import styles from "./record.module.css";

interface Said {
  snooze: string;
  tomorrow: string;
  monday: string;
  week: string;
  reply: string;
  until: string;
  set: string;
  wake: string;
}

const said: Catalogue<Said> = {
  en: {
    snooze: "Snooze",
    tomorrow: "Tomorrow, 9:00",
    monday: "Next Monday, 9:00",
    week: "In a week, 9:00",
    reply: "Until they reply",
    until: "Until",
    set: "Set",
    wake: "Show it again now",
  },
  fr: {
    snooze: "Mettre en veille",
    tomorrow: "Demain, 9 h",
    monday: "Lundi prochain, 9 h",
    week: "Dans une semaine, 9 h",
    reply: "Jusqu’à leur réponse",
    until: "Jusqu’au",
    set: "Valider",
    wake: "Réafficher maintenant",
  },
  it: {
    snooze: "Posticipa",
    tomorrow: "Domani, ore 9",
    monday: "Lunedì prossimo, ore 9",
    week: "Tra una settimana, ore 9",
    reply: "Fino alla risposta",
    until: "Fino a",
    set: "Imposta",
    wake: "Mostra di nuovo ora",
  },
  pl: {
    snooze: "Odłóż",
    tomorrow: "Jutro, 9:00",
    monday: "Następny poniedziałek, 9:00",
    week: "Za tydzień, 9:00",
    reply: "Do ich odpowiedzi",
    until: "Do",
    set: "Ustaw",
    wake: "Pokaż znów teraz",
  },
};

// morning is nine o'clock some days from now.
export function morning(now: Date, days: number): Date {
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() + days, 9);
}

export const toMonday = (now: Date) => (8 - now.getDay()) % 7 || 7;

interface Props {
  record: RecordView;
  save: (values: Record<string, unknown>) => Promise<unknown>;
}

// Snooze puts a task out of sight until a time, or until somebody writes.
export function Snooze({ record, save }: Props) {
  const its = useSaid(said);
  const [trouble, attempt] = useTry();
  const [own, setOwn] = useState(() => localOf(morning(new Date(), 1)));
  const waits = record.values.snoozed_until !== undefined || record.values.until_reply === true;
  return (
    <Drop label={its.snooze} marked={waits}>
      {(close) => {
        const until = (values: Record<string, unknown>) => attempt(() => save(values).then(close));
        const to = (date: Date) => void until({ snoozed_until: date.toISOString() });
        const now = new Date();
        return (
          <div className={styles.snooze}>
            {waits ? (
              <button type="button" onClick={() => void until({ snoozed_until: null, until_reply: null })}>
                {its.wake}
              </button>
            ) : null}
            <button type="button" onClick={() => to(morning(now, 1))}>
              {its.tomorrow}
            </button>
            <button type="button" onClick={() => to(morning(now, toMonday(now)))}>
              {its.monday}
            </button>
            <button type="button" onClick={() => to(morning(now, 7))}>
              {its.week}
            </button>
            <button type="button" onClick={() => void until({ until_reply: true })}>
              {its.reply}
            </button>
            <form
              onSubmit={(event) => {
                event.preventDefault();
                const moment = momentOf(own);
                if (moment) void until({ snoozed_until: moment });
              }}
            >
              <label>
                {its.until}
                <input
                  type="datetime-local"
                  required
                  value={own}
                  onChange={(event) => setOwn(event.currentTarget.value)}
                />
              </label>
              <Button type="submit" size="xs">
                {its.set}
              </Button>
            </form>
            {trouble}
          </div>
        );
      }}
    </Drop>
  );
}
