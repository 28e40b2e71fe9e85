import type { Link } from "../api/types";
import { Anchor } from "../look/link";
import { Sign } from "../look/sign";
import { hrefOfRecord } from "../record/folders";
import { nameOf, useWords } from "../words/words";
import styles from "./message.module.css";

// Why says for every link of a message what it is logged on, and because of what.
export function Why({ id, links, not }: { id: string; links: readonly Link[]; not: string | undefined }) {
  const words = useWords();
  return (
    <section className={styles.why} aria-label={words.because}>
      <h2>{words.because}</h2>
      {links.length === 0 ? <p className={styles.quiet}>{not ? nameOf(words.nots, not) : words.notLogged}</p> : null}
      <ul>
        {links.map((link) => (
          <li key={link.record} data-kind={link.kind}>
            <span className={styles.kind} title={nameOf(words.kinds, link.kind)}>
              <Sign name={link.kind} />
            </span>
            <Line link={link} />
          </li>
        ))}
      </ul>
      <Anchor className={styles.ask} href={`/messages/${encodeURIComponent(id)}/why`}>
        {words.desk.whyHere}
      </Anchor>
    </section>
  );
}

function Line({ link }: { link: Link }) {
  const [before, after] = useWords().loggedOn(link.because);
  return (
    <span>
      {before}
      <Anchor href={hrefOfRecord(link.record)}>{link.name}</Anchor>
      {after}
    </span>
  );
}
