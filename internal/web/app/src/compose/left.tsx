import { useMemo } from "react";
import { useSaid } from "../words/catalogue";
import styles from "./compose.module.css";
import { said } from "./left_words";
import { leftOut } from "./pictures";

// LeftOut says which pictures of a letter do not go along, before it is sent.
export function LeftOut({ html, along = false }: { html: string; along?: boolean }) {
  const its = useSaid(said);
  const left = useMemo(() => leftOut(html, along), [html, along]);
  return left.map((why) => (
    <p key={why} className={styles.note} role="status">
      {its[why]}
    </p>
  ));
}
