import type { ItemsRelated } from "../api/api";
import { useGet } from "../api/query";
import { KindChip } from "../look/badge";
import { Anchor } from "../look/link";
import { Section } from "../look/screen";
import { useWords } from "../words/words";
import { hrefOfRecord } from "./folders";
import styles from "./record.module.css";

// Related lists the records that this one points to, or that point here.
export function Related({ path }: { path: string }) {
  const { desk } = useWords();
  const items = useGet<ItemsRelated>(`${path}/related`).data?.items ?? [];
  if (items.length === 0) return null;
  return (
    <Section title={desk.related} count={items.length}>
      <ul className={styles.related}>
        {items.map((one) => (
          <li key={`${one.id}/${one.field}`}>
            <Anchor href={hrefOfRecord(one.id)}>
              <KindChip kind={one.kind} name={one.name} />
            </Anchor>
            {one.role ? <span className={styles.none}>{one.role}</span> : null}
          </li>
        ))}
      </ul>
    </Section>
  );
}
