import { useId, useMemo, useState } from "react";
import { call } from "../api/client";
import type { Body, Message } from "../api/types";
import { fixed } from "../look/fixed";
import { useWords } from "../words/words";
import styles from "./message.module.css";
import { linked, splitQuoted } from "./quoted";

// MessageBody shows the words of a message: its text, or on demand the page that
// its sender made.
export function MessageBody({ message }: { message: Message }) {
  const words = useWords();
  const [asWritten, setAsWritten] = useState(false);
  const { body, level } = message;
  if (level !== "full") return <Hidden id={message.id} />;
  if (!body) return <p className={styles.quiet}>{words.notFetched}</p>;
  if (!body.text && !body.html) return <p className={styles.quiet}>{words.noText}</p>;
  const html = body.html && (asWritten || !body.text) ? body.html : null;
  return (
    <>
      {body.html && body.text ? (
        <fieldset className={styles.forms}>
          <button type="button" aria-pressed={!asWritten} onClick={() => setAsWritten(false)}>
            {words.asText}
          </button>
          <button type="button" aria-pressed={asWritten} onClick={() => setAsWritten(true)}>
            {words.asWritten}
          </button>
        </fieldset>
      ) : null}
      {html ? <Frame id={message.id} blocked={body.blocked ?? 0} /> : <Text body={body} />}
    </>
  );
}

function Text({ body }: { body: Body }) {
  const words = useWords();
  const { own, quoted } = useMemo(() => splitQuoted(body.text, body.quoted), [body]);
  return (
    <div>
      {own.trim() ? <Prose text={own.trimEnd()} /> : null}
      {quoted.trim() ? (
        <details className={styles.quotedBox} open={!own.trim()}>
          <summary>{words.quoted}</summary>
          <Prose text={quoted} />
        </details>
      ) : null}
    </div>
  );
}

function Prose({ text }: { text: string }) {
  return (
    <p className={styles.prose}>
      {fixed(linked(text), (piece) =>
        piece.href ? (
          <a href={piece.href} target="_blank" rel="noopener noreferrer">
            {piece.text}
          </a>
        ) : (
          piece.text
        ),
      )}
    </p>
  );
}

// Hidden stands where a colleague's words would, and lets one ask for them.
function Hidden({ id }: { id: string }) {
  const words = useWords();
  const [said, say] = useState<"" | "asked" | "refused">("");
  const ask = () =>
    call(`/api/v1/messages/${id}/request`, { body: {} }).then(
      () => say("asked"),
      () => say("refused"),
    );
  return (
    <>
      <p className={styles.quiet}>{words.hiddenText}</p>
      {said ? (
        <p role="status">{said === "asked" ? words.askedFor : words.cannotAsk}</p>
      ) : (
        <button type="button" className={styles.plusButton} onClick={ask}>
          {words.askFor}
        </button>
      )}
    </>
  );
}

// Frame shows what the sender made as a document of its own: the server sends it
// with a policy that runs nothing and loads nothing from elsewhere, and the
// sandbox makes it a stranger to this page. Pictures come when they are asked
// for, by way of the server.
function Frame({ id, blocked }: { id: string; blocked: number }) {
  const words = useWords();
  const label = useId();
  const [shown, show] = useState(false);
  return (
    <>
      {blocked > 0 && !shown ? (
        <p className={styles.quiet} id={label}>
          {words.blocked(blocked)}{" "}
          <button type="button" className={styles.plusButton} onClick={() => show(true)}>
            {words.showPictures}
          </button>
        </p>
      ) : null}
      <iframe
        className={styles.frame}
        title={words.asWritten}
        aria-describedby={blocked > 0 && !shown ? label : undefined}
        sandbox="allow-popups allow-popups-to-escape-sandbox"
        referrerPolicy="no-referrer"
        src={`/api/v1/messages/${id}/content?pictures=${shown ? "shown" : "blocked"}`}
      />
    </>
  );
}
