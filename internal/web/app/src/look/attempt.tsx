import { useState } from "react";
import { useWords } from "../words/words";
import styles from "./look.module.css";
import { reasonFor } from "./trouble";

// useTry runs what may be refused and keeps what was said of it.
export function useTry(): [trouble: React.ReactNode, attempt: (act: () => Promise<unknown>) => Promise<boolean>] {
  const words = useWords();
  const [said, setSaid] = useState<string | null>(null);
  const attempt = async (act: () => Promise<unknown>) => {
    try {
      await act();
      setSaid(null);
      return true;
    } catch (cause) {
      setSaid(reasonFor(cause, words));
      return false;
    }
  };
  const trouble = said ? (
    <p className={styles.refusal} role="alert">
      {said}
    </p>
  ) : null;
  return [trouble, attempt];
}
