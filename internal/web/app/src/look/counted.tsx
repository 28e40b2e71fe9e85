import type { ReactNode } from "react";
import styles from "./counted.module.css";

interface CountedProps {
  // Which there may be, in the order in which they are shown.
  of: readonly string[];
  counts: Record<string, number | undefined>;
  names: Record<string, string>;
  // The button for all of them.
  all: ReactNode;
  only: string;
  choose: (key: string) => void;
  children?: ReactNode;
}

// Counted chooses which lines of a list are shown: one button for each outcome
// that there is, with its number, and one for all.
export function Counted({ of, counts, names, all, only, choose, children }: CountedProps) {
  return (
    <div className={styles.counted}>
      {["", ...of.filter((key) => counts[key])].map((key) => (
        <button key={key} type="button" aria-pressed={key === only} data-of={key} onClick={() => choose(key)}>
          {key ? (
            <>
              {names[key] ?? key} <strong>{counts[key]}</strong>
            </>
          ) : (
            all
          )}
        </button>
      ))}
      {children}
    </div>
  );
}
