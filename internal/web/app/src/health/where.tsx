import { Button, TextInput } from "@mantine/core";
import { useState } from "react";
import type { EngineAnswer, EngineTrace, EngineTraces } from "../api/api";
import { call } from "../api/client";
import type { Mailbox } from "../api/types";
import { Anchor } from "../look/link";
import { reasonFor } from "../look/trouble";
import { exactWhen } from "../look/when";
import { useSaid } from "../words/catalogue";
import { nameOf, useTongue, useWords } from "../words/words";
import styles from "./health_page.module.css";
import { said } from "./words";

interface Answer {
  items?: readonly EngineTrace[];
  more?: boolean;
  closed?: readonly string[] | null | undefined;
  said?: string;
}

// Where asks the server of a mailbox for a mail that somebody misses, and says
// what became of each that fits.
export function Where({ mailbox }: { mailbox: Mailbox }) {
  const words = useWords();
  const its = useSaid(said);
  const [clue, setClue] = useState({ with: "", subject: "", day: "", message_id: "" });
  const [answer, setAnswer] = useState<Answer>({});
  const [busy, setBusy] = useState(false);
  const path = `/api/v1/mailboxes/${mailbox.id}`;
  const ask = async () => {
    setBusy(true);
    try {
      setAnswer(await (clue.message_id.trim() ? byID(path, clue.message_id.trim()) : traced(path, clue)));
    } catch (cause) {
      setAnswer({ said: reasonFor(cause, words) });
    }
    setBusy(false);
  };
  const field = (name: keyof typeof clue, label: string, more: object = {}) => (
    <TextInput
      className={styles.grow}
      label={label}
      value={clue[name]}
      onChange={(event) => setClue({ ...clue, [name]: event.currentTarget.value })}
      {...more}
    />
  );
  const known = [clue.with, clue.subject, clue.message_id].some((one) => one.trim());
  return (
    <form
      className={styles.where}
      aria-label={its.where}
      onSubmit={(event) => {
        event.preventDefault();
        void ask();
      }}
    >
      <div className={styles.said}>
        <h3>{its.where}</h3>
        <p className={styles.help}>{its.help}</p>
      </div>
      {field("with", its.with, { placeholder: "anna@acme.example" })}
      {field("subject", its.subject)}
      {field("day", its.day, { type: "date" })}
      {field("message_id", its.id, { placeholder: "<message-id@host>" })}
      <Button type="submit" variant="default" disabled={!known} loading={busy}>
        {its.look}
      </Button>
      <output className={styles.said}>
        {answer.said}
        {answer.items?.length === 0 ? its.none : null}
        <ul>
          {answer.items?.map((one) => (
            <Found key={`${one.folder} ${one.message_id} ${one.date}`} one={one} />
          ))}
        </ul>
        {answer.more ? its.more : null}
        <Unsearched folders={answer.closed} />
      </output>
    </form>
  );
}

// Unsearched names the folders of which an answer knows nothing.
export function Unsearched({ folders }: { folders: readonly string[] | null | undefined }) {
  const its = useSaid(said);
  if (!folders?.length) return null;
  return (
    <p>
      {its.closed} {folders.join(", ")}
    </p>
  );
}

async function traced(path: string, clue: Readonly<Record<string, string>>): Promise<Answer> {
  const { with: who = "", subject = "", day = "" } = clue;
  const found = await call<EngineTraces>(`${path}/trace?${new URLSearchParams({ with: who, subject, day })}`);
  return { items: found.items ?? [], more: found.more, closed: found.closed };
}

async function byID(path: string, id: string): Promise<Answer> {
  const at = await call<EngineAnswer>(`${path}/where?${new URLSearchParams({ message_id: id })}`);
  const { closed } = at;
  if (at.state === "never_seen") return { items: [], closed };
  return { closed, items: [{ ...at, date: "", from: { role: "from" }, message_id: id.replace(/^<|>$/g, "") }] };
}

// Found is a mail of the server, and what became of it.
function Found({ one }: { one: EngineTrace }) {
  const { tag, words } = useTongue();
  const { desk } = words;
  const its = useSaid(said);
  const reason = one.skip ?? one.dead;
  const became = [nameOf(desk.whereabouts, one.state), one.folder, reason && nameOf(words.reasons, reason), one.detail];
  const stored = one.message ?? (one.state === "stored" ? one.message_id : undefined);
  const from = one.from.name || one.from.address || one.from.raw;
  return (
    <li className={styles.one}>
      <span>
        {one.date ? (
          <>
            <strong>{from ? one.subject || its.noSubject : its.unreadable}</strong>
            <br />
            {[from, exactWhen(one.date, tag)].filter(Boolean).join(" · ")}
            <br />
          </>
        ) : null}
        {became.filter(Boolean).join(" · ")}
      </span>
      {stored ? <Anchor href={`/messages/${encodeURIComponent(stored)}/why`}>{desk.whyHere}</Anchor> : null}
    </li>
  );
}
