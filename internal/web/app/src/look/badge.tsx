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

// ClassBadge says what sort of mail a message is.
export function ClassBadge({ name, of }: { name: string; of: string }) {
  return (
    <span className={styles.badge} data-class={of}>
      {name}
    </span>
  );
}
