import type { TimelinePreview } from "../api/api";
import { useWords } from "../words/words";
import styles from "./why.module.css";

// Preview says what a correction or an exclusion would change.
export function Preview({ preview }: { preview: TimelinePreview }) {
  const { desk } = useWords();
  const hidden = (preview.hidden ?? 0) - (preview.shown ?? 0);
  return (
    <div className={styles.preview}>
      <p>
        {desk.wouldChange(preview.changed)}
        {hidden > 0 ? ` ${desk.wouldHide(hidden)}` : ""}
      </p>
      <ul>
        {(preview.records ?? []).slice(0, 5).map((shift) => (
          <li key={shift.record}>
            {shift.name}: +{shift.gained} −{shift.lost}
          </li>
        ))}
      </ul>
    </div>
  );
}
