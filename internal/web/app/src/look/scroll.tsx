import type { ReactNode } from "react";
import styles from "./screen.module.css";

interface Props {
  label: string;
  className?: string | undefined;
  children: ReactNode;
}

// Scroll holds what may be wider or higher than its place. It can be reached by
// keys, because otherwise only a pointer could scroll it.
export function Scroll({ label, className = styles.scroll, children }: Props) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: see above
    <section className={className} tabIndex={0} aria-label={label}>
      {children}
    </section>
  );
}
