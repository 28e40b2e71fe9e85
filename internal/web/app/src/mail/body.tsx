import { useEffect, useId, useMemo, useRef, useState } from "react";
import type { Body, Message } from "../api/types";
import { fixed } from "../look/fixed";
import { useWords } from "../words/words";
import stylesheet from "./frame.css?url";
import styles from "./message.module.css";
import { dress, quarantine } from "./quarantine";
import { linked, splitQuoted } from "./quoted";

// MessageBody shows the words of a message: its text, or on demand the page that
// its sender made.
export function MessageBody({ message }: { message: Message }) {
  const words = useWords();
  const [asWritten, setAsWritten] = useState(false);
  const { body, level } = message;
  if (level === "metadata") return <p className={styles.quiet}>{words.hiddenText}</p>;
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
      {html ? <Frame html={html} replaced={body.blocked ?? 0} /> : <Text body={body} />}
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

// Frame shows HTML without scripts, without network and in a document of its
// own. allow-same-origin lets this page measure and dress it; without
// allow-scripts nothing inside can make use of that.
function Frame({ html, replaced }: { html: string; replaced: number }) {
  const words = useWords();
  const id = useId();
  const frame = useRef<HTMLIFrameElement>(null);
  const [height, setHeight] = useState(200);
  const { document: page, blocked: stopped } = useMemo(() => quarantine(html, stylesheet), [html]);
  const blocked = replaced + stopped;
  const [loaded, setLoaded] = useState(0);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another page is loaded into the same frame
  useEffect(() => {
    const inside = frame.current?.contentDocument;
    if (!inside?.body) return;
    dress(inside);
    const watch = new ResizeObserver(() => setHeight(inside.documentElement.offsetHeight));
    watch.observe(inside.documentElement);
    return () => watch.disconnect();
  }, [loaded]);

  return (
    <>
      {blocked > 0 ? (
        <p className={styles.quiet} id={id}>
          {words.blocked(blocked)}
        </p>
      ) : null}
      <iframe
        ref={frame}
        className={styles.frame}
        style={{ blockSize: height }}
        title={words.asWritten}
        aria-describedby={blocked > 0 ? id : undefined}
        sandbox="allow-same-origin allow-popups allow-popups-to-escape-sandbox"
        referrerPolicy="no-referrer"
        srcDoc={page}
        onLoad={() => setLoaded((n) => n + 1)}
      />
    </>
  );
}
