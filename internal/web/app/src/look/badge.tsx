import { Anchor } from "./link";
import styles from "./look.module.css";
import { Sign } from "./sign";

// KindChip names a record with the sign and colour of its kind.
export function KindChip({ kind, name }: { kind: string; name: string }) {
  return (
    <span className={styles.chip} data-kind={kind}>
      <Sign name={kind} />
      <span>{name}</span>
    </span>
  );
}

// KindLink is the same as a link, in as few elements as it takes: a table draws
// thousands. Arrows lead to its cell, so that Tab need not.
export function KindLink({ href, kind, name }: { href: string; kind: string; name: string }) {
  return (
    <Anchor className={`${styles.chip} ${styles.flat}`} data-kind={kind} href={href} tabIndex={-1}>
      <Sign name={kind} />
      {name}
    </Anchor>
  );
}

// ClassBadge says what sort of mail a message is.
export function ClassBadge({ name, of }: { name: string; of: string }) {
  return (
    <span className={styles.badge} data-class={of}>
      {name}
    </span>
  );
}
