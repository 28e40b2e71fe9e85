import { useParams } from "@tanstack/react-router";
import { type RefObject, useCallback, useMemo, useRef, useState } from "react";
import { call } from "../api/client";
import { CardPanel } from "../card/panel";
import type { Reply } from "../card/types";
import type { Surroundings } from "../card/use_cards";
import { useMessages } from "../mail/use_messages";
import { go } from "../route";
import { useWords } from "../words/words";
import { fewest, scopesOfAll, signedBy, type World } from "./signed";
import styles from "./simulator.module.css";
import { textOf } from "./text";

type Pane = "message" | "home" | "settings" | "compose";
type Draft = { to: string; subject: string; text: string };
type Opened = { to: string[]; subject: string; text: string }; // a draft, as the Gmail of the demo opens it
type Asked = { scopes: readonly string[]; answer: (allowed: boolean) => void };

// Simulator is Gmail as far as the sidebar sees it: mail that opens, a pane of
// 300 pixels, and a mail that is being written. Its events are signed and sent as
// Gmail's are, so that what works here works there.
export function Simulator() {
  const words = useWords();
  const { message } = useParams({ strict: false }) as { message?: string };
  const [pane, setPane] = useState<Pane>("message");
  const [draft, setDraft] = useState<Draft>({ to: "", subject: "", text: "" });
  const [asked, setAsked] = useState<Asked | null>(null);
  const world = useRef<World>({ scopes: scopesOfAll, to: undefined });
  world.current.to = pane === "compose" ? addresses(draft.to) : undefined;
  const send = useMemo(() => signedBy(() => world.current, asking(world, setAsked)), []);
  const insert = useCallback((from: NonNullable<Reply["draft"]>) => {
    setDraft((was) => ({ ...was, subject: from.subject ?? was.subject, text: was.text + textOf(from.html) }));
  }, []);
  const text = useRef<HTMLTextAreaElement>(null);
  const openDraft = useCallback(async (id: string) => {
    const { to, subject, text: begun } = await call<Opened>(`/demo/drafts/${encodeURIComponent(id)}`);
    setDraft({ to: to.join(", "), subject, text: begun });
    text.current?.focus();
    text.current?.setSelectionRange(0, 0);
  }, []);
  const around = useMemo<Surroundings>(
    () => ({ send, trigger: pane === "message" ? undefined : pane, onDraft: insert, onCreated: openDraft }),
    [send, pane, insert, openDraft],
  );
  const open = pane === "message" ? message : undefined;
  return (
    <main className={styles.window} aria-label={words.simulator}>
      <section className={styles.mail}>
        <h1 className={styles.title}>{words.simulator}</h1>
        <p className={styles.note}>{words.simulatorOnly}</p>
        <Inbox open={message} onOpen={() => setPane("message")} />
        <Compose draft={draft} onDraft={setDraft} text={text} onInsert={() => setPane("compose")} />
      </section>
      <aside className={styles.pane}>
        <nav className={styles.triggers}>
          <Trigger label={words.simulatorHome} on={pane === "home"} onClick={() => setPane("home")} />
          <Trigger label={words.simulatorSettings} on={pane === "settings"} onClick={() => setPane("settings")} />
        </nav>
        <ConsentPrompt asked={asked} />
        <CardPanel message={open} around={around} />
        <button
          type="button"
          className={styles.trigger}
          onClick={() => {
            world.current.scopes = fewest;
          }}
        >
          {words.simulatorWithdraw}
        </button>
      </aside>
    </main>
  );
}

// asking shows what Gmail asks for, and grants it when the person allows it.
function asking(world: { current: World }, show: (asked: Asked | null) => void) {
  return (scopes: readonly string[]) =>
    new Promise<void>((done, refuse) => {
      const answer = (allowed: boolean) => {
        show(null);
        if (!allowed) return refuse(new TypeError("the permission was refused"));
        world.current.scopes = [...new Set([...world.current.scopes, ...scopes])];
        done();
      };
      show({ scopes, answer });
    });
}

function addresses(to: string): string[] {
  return to
    .split(",")
    .map((one) => one.trim())
    .filter((one) => one !== "");
}

// ConsentPrompt is what Gmail shows when an add-on asks for scopes.
function ConsentPrompt({ asked }: { asked: Asked | null }) {
  const words = useWords();
  if (!asked) return null;
  return (
    <section className={styles.consent} aria-label={words.simulatorAsks}>
      <p>{words.simulatorAsks}</p>
      <ul>
        {asked.scopes.map((scope) => (
          <li key={scope}>{scope.split("/").at(-1)}</li>
        ))}
      </ul>
      <button type="button" className={styles.trigger} onClick={() => asked.answer(true)}>
        {words.simulatorAllow}
      </button>
      <button type="button" className={styles.trigger} onClick={() => asked.answer(false)}>
        {words.simulatorRefuse}
      </button>
    </section>
  );
}

function Trigger({ label, on, onClick }: { label: string; on: boolean; onClick: () => void }) {
  return (
    <button type="button" className={styles.trigger} aria-pressed={on} onClick={onClick}>
      {label}
    </button>
  );
}

function Inbox({ open, onOpen }: { open: string | undefined; onOpen: () => void }) {
  const words = useWords();
  const { items } = useMessages({}, 0);
  return (
    <ul className={styles.inbox}>
      {(items ?? []).map((row) => (
        <li key={row.id}>
          <button
            type="button"
            className={styles.row}
            aria-current={row.id === open}
            onClick={() => {
              go(`/simulator/${encodeURIComponent(row.id)}`);
              onOpen();
            }}
          >
            {row.subject || words.noSubject}
          </button>
        </li>
      ))}
    </ul>
  );
}

interface ComposeProps {
  draft: Draft;
  onDraft: (draft: Draft) => void;
  text: RefObject<HTMLTextAreaElement | null>;
  onInsert: () => void;
}

function Compose({ draft, onDraft, text, onInsert }: ComposeProps) {
  const words = useWords();
  return (
    <form className={styles.compose} aria-label={words.simulatorWrite}>
      <h2 className={styles.title}>{words.simulatorWrite}</h2>
      <input
        aria-label={words.simulatorTo}
        placeholder={words.simulatorTo}
        value={draft.to}
        onChange={(event) => onDraft({ ...draft, to: event.target.value })}
      />
      <input
        aria-label={words.simulatorSubject}
        placeholder={words.simulatorSubject}
        value={draft.subject}
        onChange={(event) => onDraft({ ...draft, subject: event.target.value })}
      />
      <textarea
        ref={text}
        aria-label={words.simulatorText}
        rows={6}
        value={draft.text}
        onChange={(event) => onDraft({ ...draft, text: event.target.value })}
      />
      <button type="button" className={styles.trigger} onClick={onInsert}>
        {words.simulatorInsert}
      </button>
    </form>
  );
}
