import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { FieldView, FolderView, ItemsMergeField, RecordsMerged, RecordsMergeField, RecordView } from "../api/api";
import { call } from "../api/client";
import { useGet, useSend } from "../api/query";
import { useTry } from "../look/attempt";
import { Empty } from "../look/empty";
import { Anchor } from "../look/link";
import { Screen, Section } from "../look/screen";
import { Scroll } from "../look/scroll";
import { Trouble } from "../look/trouble";
import { apiOf, folderOf, hrefOfRecord, labelOfField, titleOf, useFolders, useUsers } from "../record/folders";
import { Names } from "../record/names";
import { idsOf, readable } from "../record/value";
import { go } from "../route";
import { useSaid } from "../words/catalogue";
import { nameOf, useTongue } from "../words/words";
import styles from "./merge.module.css";
import { said } from "./words";

// Merge shows two records side by side where they differ; for each field one
// chooses whose value stays, or both where it is a list.
export function Merge() {
  const mine = useSaid(said);
  const asked = new URLSearchParams(location.search);
  const pair = [asked.get("into") ?? "", asked.get("from") ?? ""] as const;
  const folder = folderOf(useFolders(), pair[0]);
  const path = (id: string) => (folder && id ? `${apiOf(folder)}/${id}` : "");
  const one = useGet<RecordView>(path(pair[0]));
  const other = useGet<RecordView>(path(pair[1]));
  const trouble = one.error ?? other.error;
  if (!pair[0] || !pair[1]) return <Empty title={mine.nothing} text={mine.nothingText} />;
  return (
    <Screen title={mine.merge}>
      {trouble ? <Trouble cause={trouble} /> : null}
      {folder && one.data && other.data ? <Choose folder={folder} pair={[one.data, other.data]} /> : null}
    </Screen>
  );
}

function Choose({ folder, pair }: { folder: FolderView; pair: readonly [RecordView, RecordView] }) {
  const mine = useSaid(said);
  const send = useSend();
  const [trouble, attempt] = useTry();
  const [stays, setStays] = useState(pair[0].id);
  const [take, setTake] = useState<Readonly<Record<string, string>>>({});
  const from = pair.map((one) => one.id).filter((id) => id !== stays);
  const body = { into: stays, from, take };
  const preview = useQuery({
    queryKey: ["merge", body],
    queryFn: () => call<ItemsMergeField>("/api/v1/merges/preview", { body }),
    placeholderData: (before) => before,
  });
  const merge = () =>
    attempt(async () => {
      await send<RecordsMerged>("/api/v1/merges", { body, said: mine.done });
      go(hrefOfRecord(stays), { replace: true });
    });
  const fields = preview.data?.items ?? [];
  return (
    <>
      <Section title={mine.differ}>
        <Scroll label={mine.differ}>
          <table className={styles.table}>
            <thead>
              <tr>
                <td />
                {pair.map((record) => (
                  <th key={record.id} scope="col">
                    <label className={styles.pick}>
                      <input
                        type="radio"
                        name="stays"
                        checked={stays === record.id}
                        onChange={() => setStays(record.id)}
                      />
                      {mine.stays}
                    </label>
                    <Anchor href={hrefOfRecord(record.id)}>{titleOf(record)}</Anchor>
                  </th>
                ))}
                <th scope="col">{mine.chosen}</th>
              </tr>
            </thead>
            <tbody>
              {fields.map((differing) => (
                <Line
                  key={differing.field}
                  folder={folder}
                  pair={pair}
                  of={differing}
                  taken={take[differing.field]}
                  choose={(id) => setTake(id ? { ...take, [differing.field]: id } : without(take, differing.field))}
                />
              ))}
            </tbody>
          </table>
        </Scroll>
        {preview.data && fields.length === 0 ? <p className={styles.note}>{mine.same}</p> : null}
      </Section>
      {preview.error ? <Trouble cause={preview.error} /> : null}
      {trouble}
      <p className={styles.does}>{mine.does}</p>
      <div>
        <Button onClick={() => void merge()}>{mine.merge}</Button>
      </div>
    </>
  );
}

const without = (take: Readonly<Record<string, string>>, key: string) =>
  Object.fromEntries(Object.entries(take).filter(([field]) => field !== key));

interface LineProps {
  folder: FolderView;
  pair: readonly [RecordView, RecordView];
  of: RecordsMergeField;
  taken: string | undefined;
  choose: (id: string) => void;
}

// Line is one field: the value of each record, and the one of the result.
function Line({ folder, pair, of, taken, choose }: LineProps) {
  const tongue = useTongue();
  const mine = useSaid(said);
  const field = folder.fields?.find((one) => one.key === of.field);
  if (!field) return null;
  const label = labelOfField(field, tongue);
  return (
    <tr>
      <th scope="row">{label}</th>
      {pair.map((record) => (
        <td key={record.id}>
          <label className={styles.pick}>
            <input
              type="radio"
              name={`take-${of.field}`}
              aria-label={`${label}: ${titleOf(record)}`}
              checked={taken ? taken === record.id : !field.many && alike(of.result, of.values[record.id])}
              disabled={of.values[record.id] === undefined}
              onChange={() => choose(record.id)}
            />
            <Value field={field} record={record} value={of.values[record.id]} />
          </label>
        </td>
      ))}
      <td>
        {field.many ? (
          <label className={styles.pick}>
            <input type="radio" name={`take-${of.field}`} checked={!taken} onChange={() => choose("")} />
            {mine.joined}
          </label>
        ) : null}
        <Value field={field} record={pair[0]} value={of.result} />
      </td>
    </tr>
  );
}

const alike = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

function Value({ field, record, value }: { field: FieldView; record: RecordView; value: unknown }) {
  const { tag, words } = useTongue();
  const users = useUsers();
  if (value === undefined || value === null) return <span className={styles.faint}>–</span>;
  if (field.type === "relation") return <Names ids={idsOf(value)} />;
  if (field.type === "dropdown" && typeof value === "string") return <span>{nameOf(words.desk.choices, value)}</span>;
  return <span>{readable(field, { ...record, values: { ...record.values, [field.key]: value } }, tag, users)}</span>;
}
