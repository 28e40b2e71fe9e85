import { type RefObject, useEffect, useMemo, useRef } from "react";
import { Trouble } from "../look/trouble";
import { useWords } from "../words/words";
import { CardView } from "./card";
import styles from "./card.module.css";
import { HostContext } from "./host";
import { type Surroundings, useCards } from "./use_cards";

// CardPanel shows the card of a message, or of the day, and lets it work: buttons, inputs,
// cards upon cards, notices.
export function CardPanel({ message, around }: { message: string | undefined; around?: Surroundings }) {
  const words = useWords();
  const cards = useCards(message, around);
  const { host, stack, notice, dismiss, failure, reload, back } = cards;
  const top = stack.at(-1);
  useNoticeTimer(notice, dismiss);
  // A new card starts with its own folds and focus; a changed one keeps them.
  const key = useMemo(() => `${message ?? ""}/${stack.length}`, [message, stack.length]);
  const panel = useRef<HTMLElement>(null);
  useTopOf(panel, stack.length);
  return (
    <section ref={panel} className={styles.panel} aria-label={words.card} aria-busy={host.busy}>
      <div className={host.busy ? styles.progress : styles.still} aria-hidden="true" />
      {failure ? <Trouble title={words.cardFailed} cause={failure} onRetry={reload} /> : null}
      {top ? (
        <HostContext value={host}>
          <CardView key={key} card={top} onBack={stack.length > 1 ? back : undefined} />
        </HostContext>
      ) : null}
      {!top && !failure ? <Skeleton /> : null}
      <div className={styles.notices} role="status">
        {notice ? (
          <p className={styles.notice}>
            <span>{notice}</span>
            <button type="button" className={styles.noticeButton} onClick={dismiss}>
              {words.dismiss}
            </button>
          </p>
        ) : null}
      </div>
    </section>
  );
}

// underBar is how much of the window the top bar covers, in pixels.
const underBar = 48;

// useTopOf shows the top of a card that was put on another one, when the reader
// had scrolled down the one below.
function useTopOf(panel: RefObject<HTMLElement | null>, depth: number) {
  const before = useRef(depth);
  useEffect(() => {
    const changed = before.current > 0 && depth !== before.current;
    before.current = depth;
    const top = panel.current?.getBoundingClientRect().top ?? 0;
    if (changed && top < underBar) panel.current?.scrollIntoView?.({ block: "start" });
  }, [panel, depth]);
}

function useNoticeTimer(notice: string | null, dismiss: () => void) {
  useEffect(() => {
    if (!notice) return;
    const timer = setTimeout(dismiss, 6000);
    return () => clearTimeout(timer);
  }, [notice, dismiss]);
}

function Skeleton() {
  return (
    <div className={styles.skeleton} aria-hidden="true">
      <i />
      <i />
      <i />
      <i />
    </div>
  );
}
