import { Button, NativeSelect } from "@mantine/core";
import { useState } from "react";
import type { IntakeImport, ItemsProgress } from "../api/api";
import { upload } from "../api/client";
import { usePages, withQuery } from "../api/query";
import { useTry } from "../look/attempt";
import { Empty } from "../look/empty";
import { Anchor } from "../look/link";
import { Screen, Section } from "../look/screen";
import { shortWhen } from "../look/when";
import { labelOfFolder, useFolders } from "../record/folders";
import { go } from "../route";
import { Form } from "../settings/asking";
import { useSaid } from "../words/catalogue";
import { nameOf, useTongue } from "../words/words";
import styles from "./imports.module.css";
import { said } from "./words";

type Progress = NonNullable<ItemsProgress["items"]>[number];

// Uploads takes a file of records and lists the imports that were.
export function Uploads() {
  const { tag, words } = useTongue();
  const mine = useSaid(said);
  const list = usePages<Progress>("/api/v1/imports", 50).items;
  return (
    <Screen title={words.desk.imports}>
      <Upload />
      {list?.length === 0 ? <Empty title={mine.none} text={mine.noneText} /> : null}
      {list?.length ? (
        <Section title={words.desk.imports} count={list.length}>
          <ul className={styles.list}>
            {list.map((one) => (
              <li key={one.id}>
                <Anchor href={`/imports/${one.id}`}>{one.title || one.id}</Anchor>
                <span className={styles.faint}>
                  {one.state === "waiting" || one.state === "running"
                    ? nameOf(mine.stages, one.stage ?? "")
                    : nameOf(mine.states, one.state)}
                </span>
                <time dateTime={one.created_at}>{shortWhen(one.created_at ?? null, tag, new Date())}</time>
              </li>
            ))}
          </ul>
        </Section>
      ) : null}
    </Screen>
  );
}

function Upload() {
  const tongue = useTongue();
  const mine = useSaid(said);
  const folders = useFolders();
  const asked = new URLSearchParams(location.search).get("folder");
  const [plural, setPlural] = useState(asked ?? "contacts");
  const [file, setFile] = useState<File | null>(null);
  const [busy, setBusy] = useState(false);
  const [trouble, attempt] = useTry();
  const send = async () => {
    if (!file) return;
    setBusy(true);
    await attempt(async () => {
      const path = withQuery("/api/v1/imports", { folder: plural, name: file.name });
      const made = await upload<IntakeImport>(path, file, "text/csv");
      go(`/imports/${made.id}`);
    });
    setBusy(false);
  };
  return (
    <Section title={mine.file}>
      <p className={styles.hint}>{mine.fileHint}</p>
      {trouble}
      <Form submit={() => void send()}>
        <NativeSelect
          label={mine.into}
          value={plural}
          data={folders.map((one) => ({ value: one.plural, label: labelOfFolder(one, tongue) }))}
          onChange={(event) => setPlural(event.currentTarget.value)}
        />
        <label className={styles.file}>
          <span>{mine.file}</span>
          <input
            type="file"
            accept=".csv,.tsv,.txt,text/csv"
            required
            onChange={(event) => setFile(event.currentTarget.files?.[0] ?? null)}
          />
        </label>
        <Button type="submit" loading={busy}>
          {mine.upload}
        </Button>
      </Form>
      {busy ? (
        <p className={styles.hint} role="status">
          {mine.uploading}
        </p>
      ) : null}
    </Section>
  );
}
