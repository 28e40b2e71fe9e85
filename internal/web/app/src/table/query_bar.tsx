import { type KeyboardEvent, useDeferredValue, useId, useState } from "react";
import type { QueryMeaning } from "../api/api";
import { useGet, withQuery } from "../api/query";
import { useWords } from "../words/words";
import styles from "./table.module.css";

interface Props {
  plural: string;
  query: string;
  ask: (query: string) => void;
}

// QueryBar takes a query, says while it is written where it cannot be read, and
// proposes how it may go on. Enter asks; Tab takes the first proposal.
export function QueryBar({ plural, query, ask }: Props) {
  const { desk } = useWords();
  const [text, setText] = useState(query);
  const [busy, setBusy] = useState(false); // being written in
  const id = useId();
  const asked = useDeferredValue(text.trim() === "" ? "" : text);
  const meaning = useGet<QueryMeaning>(asked ? withQuery("/api/v1/query/check", { q: asked }) : "").data;
  const { complete, error } = asked && meaning ? meaning : { complete: undefined, error: undefined };
  const take = (word: string) => setText(`${text.slice(0, (complete?.at ?? 1) - 1)}${word} `);
  const begin = text.trim() === "" ? [`${plural} where`] : (complete?.words ?? []);
  const proposals = busy ? begin.slice(0, 8) : [];
  const keys = (event: KeyboardEvent) => {
    const first = proposals[0];
    if (event.key === "Tab" && !event.shiftKey && first && text.trim()) {
      event.preventDefault();
      take(first);
    }
    if (event.key === "Escape") setText(query);
  };
  return (
    <form
      className={styles.bar}
      onSubmit={(event) => {
        event.preventDefault();
        ask(text.trim()); // what was said of it may be about fewer letters: the server decides
      }}
    >
      <input
        value={text}
        aria-label={desk.query}
        aria-describedby={error ? id : undefined}
        aria-invalid={error !== undefined}
        placeholder={desk.queryHint(plural)}
        spellCheck={false}
        autoComplete="off"
        onFocus={() => setBusy(true)}
        onBlur={() => setBusy(false)}
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={keys}
      />
      {query ? (
        <button type="button" onClick={() => ask("")}>
          {desk.clear}
        </button>
      ) : null}
      {error && text !== query ? (
        <p id={id} className={styles.fault} role="status">
          <code>
            {text.slice(0, Math.max(0, error.at - 1))}
            <mark>{text.slice(Math.max(0, error.at - 1)) || "…"}</mark>
          </code>{" "}
          {error.detail}
          {error.hint ? ` – ${error.hint}` : ""}
        </p>
      ) : null}
      {proposals.length > 0 ? (
        <div className={styles.proposals}>
          {proposals.map((word) => (
            <button
              key={word}
              type="button"
              tabIndex={-1}
              onPointerDown={(event) => {
                event.preventDefault();
                take(word);
              }}
            >
              {word}
            </button>
          ))}
        </div>
      ) : null}
    </form>
  );
}
