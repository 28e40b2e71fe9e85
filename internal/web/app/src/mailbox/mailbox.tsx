import type { Box, Mailbox } from "../api/types";
import { Coded } from "../look/coded";
import { Sign } from "../look/sign";
import { agoWhen, amount } from "../look/when";
import { useSaid } from "../words/catalogue";
import { nameOf, useTongue } from "../words/words";
import styles from "./health.module.css";
import { openOf, pending, type Sum, sumOf } from "./sum";
import { said } from "./words";

// MailboxCard shows one mailbox: how it is, the equation, and its folders.
export function MailboxCard({ mailbox }: { mailbox: Mailbox }) {
  const { tag, words } = useTongue();
  const its = useSaid(said);
  const boxes = mailbox.boxes ?? [];
  const sum = sumOf(boxes);
  return (
    <article className={styles.mailbox} aria-label={mailbox.address}>
      <header>
        <h3>{mailbox.address}</h3>
        <span className={styles.state} data-state={mailbox.state}>
          {nameOf(words.states, mailbox.state)}
        </span>
      </header>
      {mailbox.trouble ? (
        <div className={styles.trouble} role="alert">
          <p>
            <Sign name="warn" /> {mailbox.trouble.msg}
          </p>
          {mailbox.trouble.hint ? (
            <p>
              <Coded text={mailbox.trouble.hint} />
            </p>
          ) : null}
          {mailbox.state === "auth_required" && mailbox.scopes?.length ? (
            <p>
              <a href={`/google/connect?mailbox=${mailbox.id}`}>{its.again}</a>
            </p>
          ) : null}
          {mailbox.trouble.since ? <p>{words.since(agoWhen(mailbox.trouble.since, tag, new Date()))}</p> : null}
        </div>
      ) : null}
      <Equation sum={sum} whole={openOf([mailbox]).length === boxes.length} />
      <Reasons sum={sum} />
      {boxes.length > 0 ? <Folders boxes={boxes} /> : null}
    </article>
  );
}

// Folders lists them, and says of each that the server does not open that its mail
// is not here.
function Folders({ boxes }: { boxes: readonly Box[] }) {
  const { tag, words } = useTongue();
  const its = useSaid(said);
  return (
    <details className={styles.folders}>
      <summary>
        {words.folders(boxes.length)}
        {boxes.some((box) => box.closed) ? ` · ${its.notAllOpen}` : null}
      </summary>
      <table>
        <thead>
          <tr>
            <th scope="col">{words.folder}</th>
            <th scope="col">{words.stored}</th>
            <th scope="col">{words.queued}</th>
            <th scope="col">{words.onServer}</th>
          </tr>
        </thead>
        <tbody>
          {boxes.map((box) => (
            <tr key={box.name}>
              <th scope="row" title={words.listed(agoWhen(box.listed, tag, new Date()))}>
                {box.name}
                {box.closed ? (
                  <p className={styles.closed} title={box.closed.msg}>
                    {its.closed} ({words.since(agoWhen(box.closed.since, tag, new Date()))})
                  </p>
                ) : null}
              </th>
              <td>{amount(box.stored, tag)}</td>
              <td>{amount(box.queued + box.retrying, tag)}</td>
              <td>{box.closed && !box.server ? "–" : amount(box.server, tag)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}

// Equation shows that the parts add up to what is on the server.
function Equation({ sum, whole }: { sum: Sum; whole: boolean }) {
  const its = useSaid(said);
  const { tag, words } = useTongue();
  const parts = [
    { name: "stored", n: sum.stored, word: words.stored },
    { name: "skipped", n: sum.skipped, word: words.skipped },
    { name: "queued", n: sum.queued, word: words.queued },
    { name: "retrying", n: sum.retrying, word: words.retrying },
    { name: "dead", n: sum.dead, word: words.dead },
  ].filter((part) => part.n > 0 || part.name === "stored");
  return (
    <>
      <div className={styles.bar} aria-hidden="true">
        {parts.map((part) => (
          <i key={part.name} data-part={part.name} style={{ flexGrow: part.n }} />
        ))}
      </div>
      <p className={styles.equation}>
        <span>
          <b>{amount(sum.server, tag)}</b> {words.onServer}
        </span>
        {parts.map((part, at) => (
          <span key={part.name} data-part={part.name}>
            {at === 0 ? "= " : "+ "}
            <b>{amount(part.n, tag)}</b> {part.word}
          </span>
        ))}
      </p>
      {sum.balanced || pending(sum) > 0 ? null : <p className={styles.off}>{words.unbalanced}</p>}
      {sum.balanced && whole ? (
        <p className={styles.ok}>
          <Sign name="check" /> {words.balanced}
        </p>
      ) : null}
      {sum.balanced && !whole ? <p className={styles.off}>{its.butClosed}</p> : null}
    </>
  );
}

function Reasons({ sum }: { sum: Sum }) {
  const { tag, words } = useTongue();
  const lines = [
    ...Object.entries(sum.reasons.skipped).map(([reason, n]) => ({ reason, n, word: words.skipped })),
    ...Object.entries(sum.reasons.dead).map(([reason, n]) => ({ reason, n, word: words.dead })),
  ].filter((line) => line.n > 0);
  if (lines.length === 0) return null;
  return (
    <ul className={styles.reasons}>
      {lines.map((line) => (
        <li key={line.word + line.reason}>
          {amount(line.n, tag)} {line.word}: {nameOf(words.reasons, line.reason)}
        </li>
      ))}
    </ul>
  );
}
