import { Button } from "@mantine/core";
import { useTry } from "../look/attempt";
import { useSaid } from "../words/catalogue";
import styles from "./compose.module.css";
import type { Keeper } from "./keeper";
import { more } from "./more_words";
import { useStanding } from "./use_letter";

// Parted stands over a letter whose draft was written in another place meanwhile:
// what stands there is shown beside what stands here, and nothing of either is lost.
export function Parted({ keeper }: { keeper: Keeper }) {
  const its = useSaid(more);
  const { theirs } = useStanding(keeper);
  const [trouble, attempt] = useTry();
  if (!theirs) return null;
  const settle = (which: "ours" | "theirs" | "both") => void attempt(() => keeper.settle(which));
  return (
    <section className={styles.parted} role="alert" aria-label={its.parted}>
      <p>
        <b>{its.parted}</b> {its.partedText}
      </p>
      <h3>{its.there}</h3>
      <p className={styles.theirs}>{[theirs.to.join(", "), theirs.subject].filter(Boolean).join(" · ")}</p>
      <pre>{theirs.text}</pre>
      <div className={styles.choices}>
        <Button size="compact-sm" onClick={() => settle("both")}>
          {its.both}
        </Button>
        <Button size="compact-sm" variant="default" onClick={() => settle("ours")}>
          {its.ours}
        </Button>
        <Button size="compact-sm" variant="default" onClick={() => settle("theirs")}>
          {its.theirs}
        </Button>
      </div>
      {trouble}
      <h3>{its.here}</h3>
    </section>
  );
}
