import { useEffect, useRef, useState } from "react";
import type { FolderView, QueryMeaning } from "../api/api";
import { call } from "../api/client";
import { useGet, withQuery } from "../api/query";
import { useSaid } from "../words/catalogue";
import { exprOf, type Group, groupOf, type Joint, newGroup, newTest, type Part, type Query } from "./expr";
import styles from "./filter.module.css";
import { Test } from "./test";
import { said } from "./words";

interface Props {
  folder: FolderView;
  query: string;
  ask: (query: string) => void;
}

// Filter is the query as a form. Whatever is complete is asked at once, and the
// text of it stands in the query bar, from which this form is read anew.
export function Filter({ folder, query, ask }: Props) {
  const its = useSaid(said);
  const path = query ? withQuery("/api/v1/query/check", { q: query }) : "";
  const meaning = useGet<QueryMeaning>(path).data;
  const [group, setGroup] = useState<Group | null>(() => (query ? null : groupOf(undefined)));
  const [fault, setFault] = useState<string | null>(null);
  const told = useRef(query); // the text that this form wrote itself
  const base = useRef<Query>({ kind: folder.kind });
  useEffect(() => {
    if (group && told.current === query) return;
    if (query && !meaning?.ok) return;
    told.current = query;
    base.current = (meaning?.query as Query | undefined) ?? { kind: folder.kind };
    setGroup(groupOf(base.current.where));
  }, [group, query, meaning, folder.kind]);
  const change = async (next: Group) => {
    setGroup(next);
    const where = exprOf(next);
    const { where: _, ...rest } = base.current;
    const asked: Query = where ? { ...rest, where } : rest;
    if (!where && !rest.order) {
      told.current = "";
      setFault(null);
      return ask("");
    }
    const answer = await call<QueryMeaning>("/api/v1/query/check", { body: asked });
    setFault(answer.error?.detail ?? null);
    if (!answer.ok || answer.text === told.current) return;
    told.current = answer.text ?? "";
    ask(told.current);
  };
  if (!group) return <p className={styles.fault}>{its.notAsFilter}</p>;
  return (
    <section className={styles.filter} aria-label={its.filter}>
      <Joined group={group} folder={folder} change={(next) => void change(next)} />
      {fault ? (
        <p className={styles.fault} role="status">
          {fault}
        </p>
      ) : null}
    </section>
  );
}

interface JoinedProps {
  group: Group;
  folder: FolderView;
  change: (group: Group) => void;
  drop?: () => void;
}

function Joined({ group, folder, change, drop }: JoinedProps) {
  const its = useSaid(said);
  const way = group.not ? "not" : group.joint;
  const first = folder.fields?.[0]?.key ?? "name";
  const put = (part: Part) => change({ ...group, parts: group.parts.map((one) => (one.id === part.id ? part : one)) });
  const without = (id: number) => change({ ...group, parts: group.parts.filter((one) => one.id !== id) });
  return (
    <div className={styles.group}>
      <div className={styles.head}>
        <select
          aria-label={its.group}
          value={way}
          onChange={({ currentTarget: { value } }) =>
            change({ ...group, not: value === "not", joint: value === "not" ? "or" : (value as Joint) })
          }
        >
          <option value="and">{its.all}</option>
          <option value="or">{its.any}</option>
          <option value="not">{its.not}</option>
        </select>
        <button type="button" onClick={() => change({ ...group, parts: [...group.parts, newTest(first)] })}>
          + {its.condition}
        </button>
        {drop ? (
          <button type="button" onClick={drop}>
            {its.drop}
          </button>
        ) : (
          <button type="button" onClick={() => change({ ...group, parts: [...group.parts, newGroup(first)] })}>
            + {its.group}
          </button>
        )}
      </div>
      {group.parts.map((part) =>
        "test" in part ? (
          <Test
            key={part.id}
            test={part.test}
            folder={folder}
            change={(test) => put({ ...part, test })}
            drop={() => without(part.id)}
          />
        ) : (
          <Joined
            key={part.id}
            group={part.group}
            folder={folder}
            change={(inner) => put({ ...part, group: inner })}
            drop={() => without(part.id)}
          />
        ),
      )}
    </div>
  );
}
