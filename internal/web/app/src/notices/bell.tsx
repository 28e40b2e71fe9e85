import type { NotifyPage } from "../api/api";
import { useGet } from "../api/query";
import { Anchor } from "../look/link";
import { Sign } from "../look/sign";
import { amount } from "../look/when";
import { useSaid } from "../words/catalogue";
import { useTongue } from "../words/words";
import styles from "./bell.module.css";
import { said } from "./bell_words";

// Bell leads to what the reader is told, and says how much of it is new.
export function Bell() {
  const { tag } = useTongue();
  const its = useSaid(said);
  const unread = useGet<NotifyPage>("/api/v1/notifications?unread=true&limit=1").data?.unread ?? 0;
  const label = unread > 0 ? its.unread(amount(unread, tag)) : its.title;
  return (
    <Anchor className={styles.bell} href="/notices" aria-label={label} title={label}>
      <Sign name="bell" />
      {unread > 0 ? <span aria-hidden="true">{unread >= 100 ? "99+" : unread}</span> : null}
    </Anchor>
  );
}
