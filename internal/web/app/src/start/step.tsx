import type { ReactNode } from "react";
import { Sign } from "../look/sign";
import styles from "./start.module.css";

interface StepProps {
  title: string;
  done: boolean;
  waits?: string; // for what, when it cannot be done yet
  children: ReactNode;
}

// Step is one of the first steps, with a lamp that says whether it is done.
export function Step({ title, done, waits = "", children }: StepProps) {
  return (
    <li className={styles.step} data-done={done} data-waits={waits !== ""}>
      <span className={styles.lamp} aria-hidden="true">
        {done ? <Sign name="check" /> : null}
      </span>
      <h2>{title}</h2>
      <div className={styles.what}>{waits ? <p>{waits}</p> : children}</div>
    </li>
  );
}
