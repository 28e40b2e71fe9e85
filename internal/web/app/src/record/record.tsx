import { useParams } from "@tanstack/react-router";
import type { FieldView, FolderView, RecordView } from "../api/api";
import { useGet, useSend } from "../api/query";
import { said as ofWriting } from "../compose/bar_words";
import { hrefOfDraft } from "../compose/places";
import { KindChip } from "../look/badge";
import { Empty } from "../look/empty";
import { Anchor } from "../look/link";
import { Screen, Section } from "../look/screen";
import { Trouble } from "../look/trouble";
import { hrefOf } from "../route";
import { useSaid } from "../words/catalogue";
import { useTongue } from "../words/words";
import { FieldLine } from "./field";
import { Files } from "./files";
import { apiOf, folderOf, labelOfFolder, shownFields, titleOf, useFolders } from "./folders";
import { History } from "./history";
import { NewActivity } from "./new_activity";
import styles from "./record.module.css";
import { Related } from "./related";
import { Snooze } from "./snooze";
import { Stages } from "./stages";
import { Timeline } from "./timeline";

// RecordPage shows one record: its fields, what it is related to, its timeline
// and its history.
export function RecordPage() {
  const { id = "" } = useParams({ strict: false }) as { id?: string };
  const { words } = useTongue();
  const folders = useFolders();
  const folder = folderOf(folders, id);
  const { data, error, refetch } = useGet<RecordView>(folder ? `${apiOf(folder)}/${id}?derived=true` : "");
  if (error) {
    return (
      <Screen title={words.desk.record}>
        <Trouble cause={error} onRetry={() => void refetch()} />
      </Screen>
    );
  }
  if (folders.length > 0 && !folder) {
    return <Empty title={words.desk.noRecordTitle} text={words.desk.noRecordText} />;
  }
  if (!data || !folder) return null;
  return <Opened key={id} folder={folder} record={data} />;
}

// writable is the first address of a record that has some.
const writable = ({ values }: RecordView): string[] => [values.emails ?? []].flat().slice(0, 1).map(String);

function Opened({ folder, record }: { folder: FolderView; record: RecordView }) {
  const tongue = useTongue();
  const { desk } = tongue.words;
  const writing = useSaid(ofWriting);
  const send = useSend();
  const path = `${apiOf(folder)}/${record.id}`;
  const save = (values: Record<string, unknown>) =>
    send(path, { method: "PATCH", version: record.version, body: { values }, said: desk.saved });
  const fields = shownFields(folder).filter((field) => !(folder.staged && field.key === "stage"));
  const [filled, bare] = parted(fields, (field) => record.values[field.key] !== undefined);
  return (
    <Screen
      title={titleOf(record)}
      tools={
        <>
          <KindChip kind={folder.kind} name={tongue.words.kinds[folder.kind] ?? labelOfFolder(folder, tongue)} />
          {folder.kind === "task" && record.values.status !== "done" ? <Snooze record={record} save={save} /> : null}
          {writable(record).map((to) => (
            <Anchor key={to} href={hrefOfDraft("new", to)} title={to}>
              {writing.write}
            </Anchor>
          ))}
          {folder.activity ? null : <Anchor href={hrefOf({ record: record.id })}>{desk.itsMail}</Anchor>}
        </>
      }
    >
      {folder.staged ? <Stages folder={folder} record={record} /> : null}
      <div className={styles.page}>
        <div className={styles.column}>
          <Section title={desk.details}>
            <Fields fields={filled} record={record} save={save} />
            <details className={styles.bare} open={filled.length < 3}>
              <summary>{desk.emptyFields}</summary>
              <Fields fields={bare.filter((field) => !field.system)} record={record} save={save} />
            </details>
          </Section>
          <Related path={path} />
          <Files record={record.id} />
        </div>
        <div className={styles.column}>
          <NewActivity record={record.id} />
          <Timeline path={path} />
          <History path={path} folder={folder} />
        </div>
      </div>
    </Screen>
  );
}

interface FieldsProps {
  fields: readonly FieldView[];
  record: RecordView;
  save: (values: Record<string, unknown>) => Promise<unknown>;
}

function Fields({ fields, record, save }: FieldsProps) {
  return (
    <dl className={styles.fields}>
      {fields.map((field) => (
        <FieldLine key={field.key} field={field} record={record} save={save} />
      ))}
    </dl>
  );
}

function parted<T>(list: readonly T[], holds: (one: T) => boolean): [T[], T[]] {
  return [list.filter(holds), list.filter((one) => !holds(one))];
}
