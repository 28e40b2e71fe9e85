import { type QueryClient, useQueries, useQueryClient } from "@tanstack/react-query";
import type { Named } from "../api/api";
import { call } from "../api/client";
import { KindChip } from "../look/badge";
import { Anchor } from "../look/link";
import { Sign } from "../look/sign";
import { useTongue } from "../words/words";
import { hrefOfRecord } from "./folders";
import { useKindOf } from "./kinds";
import styles from "./record.module.css";

// useNames are what people call records. However many ask at once, the server is
// asked one time.
export function useNames(ids: readonly string[]): Readonly<Record<string, string>> {
  const client = useQueryClient();
  const asked = useQueries({
    queries: ids.map((id) => ({
      queryKey: ["name", id],
      staleTime: 60_000,
      queryFn: () => gathered(client, id),
    })),
  });
  return Object.fromEntries(ids.map((id, i) => [id, asked[i]?.data ?? "…"]));
}

interface Gathering {
  ids: Set<string>;
  answer: Promise<Named>;
}

const running = new WeakMap<QueryClient, Gathering>();
const most = 200;

// gathered waits for those who ask in the same moment, and asks for all of them.
async function gathered(client: QueryClient, id: string): Promise<string> {
  let now = running.get(client);
  if (!now || now.ids.size >= most) {
    const ids = new Set<string>();
    const answer = new Promise((moment) => setTimeout(moment)).then(() => {
      running.delete(client);
      return call<Named>(`/api/v1/names?id=${[...ids].map(encodeURIComponent).join(",")}`);
    });
    now = { ids, answer };
    running.set(client, now);
  }
  now.ids.add(id);
  return (await now.answer).names[id] ?? "–";
}

interface Props {
  ids: readonly string[];
  drop?: (id: string) => void; // takes one off
}

// Names shows records by their names.
export function Names({ ids, drop }: Props) {
  const { desk } = useTongue().words;
  const names = useNames(ids);
  const kindOf = useKindOf();
  if (ids.length === 0) return <span className={styles.none}>–</span>;
  return (
    <span className={styles.names}>
      {ids.map((id) => (
        <span key={id}>
          <Anchor href={hrefOfRecord(id)}>
            <KindChip kind={kindOf(id)} name={names[id] ?? "…"} />
          </Anchor>
          {drop ? (
            <button
              type="button"
              className={styles.pen}
              aria-label={`${desk.remove}: ${names[id]}`}
              onClick={() => drop(id)}
            >
              <Sign name="close" />
            </button>
          ) : null}
        </span>
      ))}
    </span>
  );
}
