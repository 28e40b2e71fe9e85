import type { CrmSeen } from "../api/api";
import { shortWhen } from "../look/when";
import { useSaid } from "../words/catalogue";
import { useTongue } from "../words/words";
import styles from "./record.module.css";
import { said } from "./seen_words";

// SeenBy says whether a mail was read: by people, and beside them by programs,
// which mean nothing.
export function SeenBy({ seen }: { seen: CrmSeen }) {
  const its = useSaid(said);
  const { tag } = useTongue();
  const count = (n: number) => n.toLocaleString(tag);
  const people = seen.opens.human + seen.opens.unknown;
  const clicks = seen.clicks.human + seen.clicks.unknown;
  const programs = seen.opens.machine + seen.clicks.machine;
  const opened = its.opened(count(people), seen.opened ? shortWhen(seen.opened, tag, new Date()) : "");
  const parts = [
    people > 0 ? opened : clicks > 0 ? "" : its.unopened, // pictures may be off where links are clicked
    clicks > 0 ? its.clicked(count(clicks)) : "",
    programs > 0 ? its.programs(count(programs)) : "",
  ];
  return <p className={styles.because}>{parts.filter(Boolean).join(" · ")}</p>;
}
