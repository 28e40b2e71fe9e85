import type { ReactNode } from "react";
import styles from "./screen.module.css";

// Scroll holds what may be wider or higher than its place. It can be reached by
// keys, because otherwise only a pointer could scroll it.
export function Scroll({ label, children }: { label: string; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: see above
    <section className={styles.scroll} tabIndex={0} aria-label={label}>
      {children}
    </section>
  );
}
