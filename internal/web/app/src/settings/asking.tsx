import { useState } from "react";
import { reasonFor } from "../look/trouble";
import { useWords } from "../words/words";
import styles from "./settings.module.css";

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
    <p className={styles.trouble} role="alert">
      {said}
    </p>
  ) : null;
  return [trouble, attempt];
}

// Form is a line of inputs with one button.
export function Form({ submit, children }: { submit: () => void; children: React.ReactNode }) {
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      {children}
    </form>
  );
}

// Once shows a secret that is told one time only.
export function Once({ title, text }: { title: string; text: string }) {
  return (
    <div className={styles.once} role="status">
      <strong>{title}</strong>
      <code>{text}</code>
    </div>
  );
}
