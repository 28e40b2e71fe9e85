import { Refused } from "../api/client";
import { useWords } from "../words/words";
import { Coded } from "./coded";
import styles from "./look.module.css";

interface Props {
  title?: string;
  cause: unknown;
  onRetry?: (() => void) | undefined;
}

// Trouble says what went wrong and what to do, in the words of the server when
// it gave any.
export function Trouble({ title, cause, onRetry }: Props) {
  const words = useWords();
  const { said, hint } = explain(cause, words);
  return (
    <div className={styles.trouble} role="alert">
      {title ? <strong>{title}</strong> : null}
      <p>{said}</p>
      {hint ? (
        <p className={styles.hint}>
          <Coded text={hint} />
        </p>
      ) : null}
      {onRetry ? (
        <button type="button" className={styles.button} onClick={onRetry}>
          {words.retry}
        </button>
      ) : null}
    </div>
  );
}

function explain(cause: unknown, words: ReturnType<typeof useWords>): { said: string; hint?: string | undefined } {
  if (!(cause instanceof Refused)) return { said: words.failed };
  const { status, detail, title, hint, field } = cause.problem;
  if (status === 0) return { said: words.unreachable, hint: words.unreachableHint };
  return { said: (detail || title || words.failed) + (field ? ` (${field})` : ""), hint };
}

// reasonFor is what went wrong and what to do, as one sentence.
export function reasonFor(cause: unknown, words: ReturnType<typeof useWords>): string {
  if (!(cause instanceof Refused)) return words.failed;
  const { status, detail, title, hint } = cause.problem;
  if (status === 0) return words.kept;
  return [detail || title || words.failed, hint].filter(Boolean).join(" – ");
}
