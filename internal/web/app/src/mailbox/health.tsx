import { useId, useRef, useState } from "react";
import type { Mailbox } from "../api/types";
import { useLeave } from "../look/leave";
import { Sign } from "../look/sign";
import { Trouble } from "../look/trouble";
import { agoWhen, amount, lasting } from "../look/when";
import { useSaid } from "../words/catalogue";
import { useTongue } from "../words/words";
import styles from "./health.module.css";
import { MailboxCard } from "./mailbox";
import { boxesOf, moodOf, openOf, pending, settled, sumOf } from "./sum";
import type { Watched } from "./use_mailboxes";
import { said } from "./words";

// Health says in the top bar how the mailboxes are, and on demand every number
// behind it.
export function Health({ watched }: { watched: Watched }) {
  const { words } = useTongue();
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const id = useId();
  useLeave(box, open, () => setOpen(false));
  const { mailboxes, failure } = watched;
  if (!mailboxes) return null;
  return (
    <div className={styles.health} ref={box}>
      <button
        type="button"
        className={styles.pill}
        data-mood={failure ? "trouble" : moodOf(mailboxes)}
        aria-expanded={open}
        aria-controls={id}
        onClick={() => setOpen(!open)}
      >
        <span className={styles.lamp} aria-hidden="true" />
        <Gist watched={watched} mailboxes={mailboxes} />
        <Sign name="chevron" />
      </button>
      {open ? (
        <section className={styles.sheet} id={id} aria-label={words.mailboxes}>
          {failure ? <Trouble cause={failure} /> : null}
          {mailboxes.map((mailbox) => (
            <MailboxCard key={mailbox.id} mailbox={mailbox} />
          ))}
          {mailboxes.length === 0 ? <p className={styles.none}>{words.noMailboxText}</p> : null}
        </section>
      ) : null}
    </div>
  );
}

function Gist({ watched, mailboxes }: { watched: Watched; mailboxes: readonly Mailbox[] }) {
  const { tag, words } = useTongue();
  const its = useSaid(said);
  if (watched.failure) return <span>{words.unreachable}</span>;
  const sum = sumOf(openOf(mailboxes));
  const mood = moodOf(mailboxes);
  if (mood === "none") return <span>{words.noMailboxes}</span>;
  if (mood === "trouble") return <span>{words.attention}</span>;
  if (pending(sum) === 0) {
    const ago = agoWhen(newest(mailboxes), tag, new Date());
    return (
      <span>
        {words.synced}
        {openOf(mailboxes).length < boxesOf(mailboxes).length ? <span> · {its.foldersClosed}</span> : null}
        {ago ? <span className={styles.extra}> · {ago}</span> : null}
      </span>
    );
  }
  const done = settled(sum);
  const { rate } = watched;
  return (
    <span className={styles.going}>
      <progress value={done} max={done + pending(sum)} aria-label={words.states.priming} />
      {words.syncing(amount(done, tag), amount(done + pending(sum), tag))}
      {rate ? <span className={styles.extra}> · {words.rate(amount(Math.round(rate), tag))}</span> : null}
      {rate ? <span className={styles.extra}> · {words.left(lasting(pending(sum) / rate, tag))}</span> : null}
    </span>
  );
}

function newest(mailboxes: readonly Mailbox[]): string | null {
  return boxesOf(mailboxes).reduce<string | null>(
    (last, box) => (box.listed && (!last || box.listed > last) ? box.listed : last),
    null,
  );
}
