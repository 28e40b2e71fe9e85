import { type ReactNode, useId, useRef, useState } from "react";
import styles from "./drop.module.css";
import { useLeave } from "./leave";
import { Sign } from "./sign";

interface Props {
  label: string;
  sign?: string;
  marked?: boolean; // something of it is in use
  children: (close: () => void) => ReactNode;
}

// Drop is a button with a sheet below it, which goes when the reader leaves it.
export function Drop({ label, sign, marked = false, children }: Props) {
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const id = useId();
  useLeave(box, open, () => setOpen(false));
  return (
    <div className={styles.drop} ref={box}>
      <button
        type="button"
        className={styles.button}
        aria-expanded={open}
        aria-controls={id}
        data-marked={marked}
        onClick={() => setOpen(!open)}
      >
        {sign ? <Sign name={sign} /> : null}
        <span>{label}</span>
        <Sign name="chevron" />
      </button>
      {open ? (
        <section id={id} className={styles.sheet} aria-label={label}>
          {children(() => setOpen(false))}
        </section>
      ) : null}
    </div>
  );
}
