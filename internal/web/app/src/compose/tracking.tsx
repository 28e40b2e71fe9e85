import type { Trackable } from "../api/api";
import { useGet, withQuery } from "../api/query";
import { useSaid } from "../words/catalogue";
import styles from "./compose.module.css";
import type { Part } from "./composer";
import type { Track } from "./letter";
import { more } from "./more_words";

const ways: readonly Track[] = ["", "aggregate", "individual"];

// Tracking says what is found out about the reading of a letter, as far as the
// workspace allows and those who get it agreed; nothing stands here where nothing is.
export function Tracking({ keeper, letter }: Part) {
  const its = useSaid(more);
  const to = [...letter.to, ...letter.cc, ...letter.bcc].slice(0, 100).join(",");
  const box = `/api/v1/mailboxes/${encodeURIComponent(letter.mailbox)}/tracking`;
  const most = useGet<Trackable>(letter.mailbox ? withQuery(box, { to: to || undefined }) : "").data?.most as
    | Track
    | undefined;
  if (!most && !letter.track) return null;
  const may = ways.slice(0, ways.indexOf(most ?? "") + 1);
  const shown = may.includes(letter.track) ? may : [...may, letter.track];
  return (
    <label className={styles.track}>
      <span>{its.reading}</span>
      <select value={letter.track} onChange={(event) => keeper.set({ track: event.currentTarget.value as Track })}>
        {shown.map((way) => (
          <option key={way} value={way}>
            {its.ways[way]}
          </option>
        ))}
      </select>
      {most !== undefined && !may.includes(letter.track) ? (
        <span className={styles.note}>{most ? its.onlyCounted : its.notAllowed}</span>
      ) : null}
    </label>
  );
}
