import type { ReactNode } from "react";
import styles from "./look.module.css";
import { Mark } from "./sign";

// Empty fills a place where nothing is yet and says how something gets there.
export function Empty({ title, text, children }: { title: string; text: string; children?: ReactNode }) {
  return (
    <div className={styles.empty}>
      <Mark />
      <h2>{title}</h2>
      {text ? <p>{text}</p> : null}
      {children}
    </div>
  );
}

// Command is a command line to copy.
export function Command({ line }: { line: string }) {
  return (
    <pre className={styles.command}>
      <code>{line}</code>
    </pre>
  );
}
