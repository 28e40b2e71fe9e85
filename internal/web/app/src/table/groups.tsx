import { useState } from "react";
import type { FieldView, FolderView, QueryMeaning, ViewGroup, ViewGroups } from "../api/api";
import { call } from "../api/client";
import { useGet, withQuery } from "../api/query";
import { Anchor } from "../look/link";
import { Sign } from "../look/sign";
import { Trouble } from "../look/trouble";
import { amount } from "../look/when";
import { useUsers } from "../record/folders";
import { useNames } from "../record/names";
import { useStageName } from "../record/pipelines";
import { money } from "../record/value";
import { useSaid } from "../words/catalogue";
import { nameOf, useTongue } from "../words/words";
import { and, type Query } from "./expr";
import { Sheet } from "./sheet";
import styles from "./table.module.css";
import { said } from "./words";

const groupTypes = new Set(["dropdown", "user", "checkbox", "currency_code"]);

// groupable are the fields whose values make groups.
export function groupable(folder: FolderView): readonly FieldView[] {
  return (folder.fields ?? []).filter(
    (field) =>
      !field.many &&
      (groupTypes.has(field.type) ||
        (field.type === "relation" && field.to) ||
        ["stage", "pipeline"].includes(field.key)),
  );
}

// summed are the fields that are added up.
const summed = (folder: FolderView) =>
  (folder.fields ?? []).filter((field) => field.money !== undefined).map((field) => field.key);

export function useGroups(folder: FolderView, query: string, by: string) {
  const sums = summed(folder);
  const q = query || folder.plural;
  return useGet<ViewGroups>(
    withQuery("/api/v1/groups", { q, by: by || undefined, sum: sums.length ? sums.join(",") : undefined }),
  );
}

interface Props {
  folder: FolderView;
  fields: readonly FieldView[];
  query: string;
  by: string;
}

// Groups are the records of a query by the values of a field, each group with
// its number and its sums; one that is opened shows its records.
export function Groups({ folder, fields, query, by }: Props) {
  const its = useSaid(said);
  const asked = useGroups(folder, query, by);
  const field = folder.fields?.find((one) => one.key === by);
  const groups = asked.data?.groups ?? [];
  const names = useNames(field?.type === "relation" ? groups.map(({ value }) => value).filter(Boolean) : []);
  if (asked.error) return <Trouble cause={asked.error} onRetry={() => void asked.refetch()} />;
  return (
    <div className={styles.groups}>
      {asked.data?.cut ? <p className={styles.fault}>{its.cut}</p> : null}
      {groups.map((group) => (
        <One
          key={group.value}
          group={group}
          name={names[group.value]}
          folder={folder}
          fields={fields}
          query={query}
          by={by}
        />
      ))}
    </div>
  );
}

function One({ group, name, folder, fields, query, by }: Props & { group: ViewGroup; name: string | undefined }) {
  const its = useSaid(said);
  const { tag, words } = useTongue();
  const users = useUsers();
  const stageName = useStageName();
  const [asked, setAsked] = useState<string | null>(null);
  const title = group.value
    ? (name ??
      (by === "stage" ? stageName(group.value) : group.name) ??
      users[group.value] ??
      nameOf(words.desk.choices, group.value))
    : its.none;
  const open = asked !== null;
  const turn = async () => setAsked(open ? null : await queryOf(folder, query, by, group.value));
  return (
    <section className={styles.group} aria-label={title}>
      <h2>
        <button type="button" aria-expanded={open} onClick={() => void turn()}>
          <Sign name="chevron" />
          <span>{title}</span>
          <span className={styles.many}>{amount(group.count, tag)}</span>
        </button>
        <Sums group={group} />
      </h2>
      {open ? (
        <>
          <Sheet folder={folder} fields={fields} query={asked} sort={setAsked} />
          <Anchor className={styles.more} href={withQuery(`/${folder.plural}`, { q: asked })}>
            {its.asTable}
          </Anchor>
        </>
      ) : null}
    </section>
  );
}

export function Sums({ group }: { group: ViewGroup }) {
  const { tag } = useTongue();
  const sums = (group.sums ?? []).filter((sum) => sum.value !== 0);
  if (sums.length === 0) return null;
  return (
    <span className={styles.sums}>
      {sums.map((sum) => (
        <span key={`${sum.field} ${sum.currency}`}>{money(sum.value, sum.currency ?? "", tag)}</span>
      ))}
    </span>
  );
}

// queryOf is the query with the value of a group for a further condition.
async function queryOf(folder: FolderView, query: string, by: string, value: string): Promise<string> {
  const meaning = query ? await call<QueryMeaning>(withQuery("/api/v1/query/check", { q: query })) : null;
  const base = (meaning?.query as Query | undefined) ?? { kind: folder.kind };
  const test = value ? { field: by, op: "=", values: [value] } : { field: by, op: "is empty" };
  const answer = await call<QueryMeaning>("/api/v1/query/check", { body: and(base, test) });
  return answer.text ?? query;
}
