import type { ReactNode } from "react";
import { useTitle } from "./page";
import styles from "./screen.module.css";

// Screen is a page with a title, and beside it what can be done on all of it.
export function Screen({ title, beside, tools, wide, children }: Props) {
  useTitle(title);
  return (
    <main className={styles.screen} data-wide={wide}>
      <header className={styles.head}>
        <div className={styles.title}>
          <h1>{title}</h1>
          {beside}
        </div>
        {tools ? <div className={styles.tools}>{tools}</div> : null}
      </header>
      {children}
    </main>
  );
}

interface Props {
  title: string;
  beside?: ReactNode; // what is told about all of it
  tools?: ReactNode;
  wide?: boolean;
  children: ReactNode;
}

// Section is a part of a screen with its own title.
export function Section({ title, count, children }: { title: string; count?: number; children: ReactNode }) {
  return (
    <section className={styles.section} aria-label={title}>
      <h2>
        {title}
        {count ? <span className={styles.count}>{count}</span> : null}
      </h2>
      {children}
    </section>
  );
}

export function Quiet({ children }: { children: ReactNode }) {
  return <p className={styles.quiet}>{children}</p>;
}
