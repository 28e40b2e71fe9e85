import type { FolderView, RecordsChangeView } from "../api/api";
import { usePages, useSend } from "../api/query";
import { Section } from "../look/screen";
import { shortWhen } from "../look/when";
import { nameOf, useTongue } from "../words/words";
import { Diff } from "./diff";
import { useUsers } from "./folders";
import styles from "./record.module.css";

// History is every change of a record: who, when, from what to what. Each can be
// taken back.
export function History({ path, folder }: { path: string; folder: FolderView }) {
  const { words } = useTongue();
  const asked = usePages<RecordsChangeView>(`${path}/history`, 20);
  const id = path.slice(path.lastIndexOf("/") + 1);
  return (
    <Section title={words.desk.history}>
      <ol className={styles.history}>
        {asked.items?.map((change) => (
          <Change key={change.id} change={change} folder={folder} id={id} />
        ))}
      </ol>
      {asked.hasNextPage ? (
        <button type="button" className={styles.more} onClick={() => void asked.fetchNextPage()}>
          {words.desk.older}
        </button>
      ) : null}
    </Section>
  );
}

function Change({ change, folder, id }: { change: RecordsChangeView; folder: FolderView; id: string }) {
  const { tag, words } = useTongue();
  const users = useUsers();
  const send = useSend();
  const entry = change.entries?.find((one) => one.id === id);
  const diffs = entry?.did === "updated" ? (entry.fields ?? []).filter((diff) => !hidden.has(diff.field)) : [];
  const undo = () => send(`/api/v1/changes/${change.batch}/undo`, { said: words.desk.undone });
  return (
    <li>
      <p className={styles.entryHead}>
        <span>
          <strong>{users[change.actor ?? ""] ?? nameOf(words.desk.causes, change.cause)}</strong>{" "}
          {entry ? words.desk.did[entry.did] : change.title}
        </span>
        <time dateTime={change.at}>{shortWhen(change.at, tag, new Date())}</time>
      </p>
      <ul>
        {diffs.map((diff) => (
          <li key={diff.field}>
            <Diff diff={diff} folder={folder} />
          </li>
        ))}
      </ul>
      <button type="button" className={styles.back} onClick={() => void undo()}>
        {words.desk.undoThis}
      </button>
    </li>
  );
}

const hidden = new Set(["stage_history", "stage_kind"]);
