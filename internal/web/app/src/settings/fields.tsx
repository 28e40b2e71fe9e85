import { Button, NativeSelect, TextInput } from "@mantine/core";
import { useState } from "react";
import type { FolderView } from "../api/api";
import { useSend } from "../api/query";
import { useTry } from "../look/attempt";
import { Section } from "../look/screen";
import { labelOfField, labelOfFolder, shownFields, useFolders } from "../record/folders";
import { useTongue } from "../words/words";
import { Form } from "./asking";
import styles from "./settings.module.css";

// Kinds of fields that a workspace may add here; the others need more than a name.
const types = [
  "text",
  "long_text",
  "number",
  "date",
  "datetime",
  "checkbox",
  "dropdown",
  "url",
  "email",
  "phone",
  "user",
  "file",
];

// Fields are the folders of the workspace, and what each record of them holds.
export function Fields() {
  const tongue = useTongue();
  const { desk } = tongue.words;
  const folders = useFolders();
  const [plural, setPlural] = useState("deals");
  const folder = folders.find((one) => one.plural === plural);
  return (
    <>
      <Section title={desk.tabs.fields ?? ""}>
        <div className={styles.pad}>
          <NativeSelect
            aria-label={desk.folder}
            value={plural}
            data={folders.map((one) => ({ value: one.plural, label: labelOfFolder(one, tongue) }))}
            onChange={(event) => setPlural(event.currentTarget.value)}
          />
        </div>
        {folder ? <FieldsOf key={plural} folder={folder} /> : null}
      </Section>
      <NewFolder />
    </>
  );
}

function FieldsOf({ folder }: { folder: FolderView }) {
  const tongue = useTongue();
  const { desk } = tongue.words;
  const send = useSend();
  const [trouble, attempt] = useTry();
  const [name, setName] = useState("");
  const [type, setType] = useState("text");
  const [choices, setChoices] = useState("");
  const add = () =>
    attempt(async () => {
      const key = keyOf(name);
      const list = type === "dropdown" ? choices.split(",").map((one) => one.trim()) : null;
      const labels = Object.fromEntries(["en", "fr", "it", "pl"].map((language) => [language, name]));
      await send("/api/v1/fields", { body: { kind: folder.kind, key, type, choices: list, labels }, said: desk.saved });
      setName("");
    });
  return (
    <>
      <ul className={styles.list}>
        {shownFields(folder).map((field) => (
          <li key={field.key}>
            <span>
              <strong>{labelOfField(field, tongue)}</strong> <code>{field.key}</code>
            </span>
            <span className={styles.faint}>{desk.types[field.type] ?? field.type}</span>
            {field.custom ? (
              <Button
                size="xs"
                variant="default"
                onClick={() =>
                  void attempt(() =>
                    send(`/api/v1/fields/${folder.kind}/${field.key}`, {
                      method: "PATCH",
                      body: { archived: true },
                      said: desk.saved,
                    }),
                  )
                }
              >
                {desk.hide}
              </Button>
            ) : null}
          </li>
        ))}
      </ul>
      {trouble}
      <Form submit={() => void add()}>
        <TextInput label={desk.fieldName} required value={name} onChange={(e) => setName(e.currentTarget.value)} />
        <NativeSelect
          label={desk.what}
          value={type}
          data={types.map((value) => ({ value, label: desk.types[value] ?? value }))}
          onChange={(e) => setType(e.currentTarget.value)}
        />
        {type === "dropdown" ? (
          <TextInput
            label={desk.choicesOf}
            required
            value={choices}
            onChange={(e) => setChoices(e.currentTarget.value)}
          />
        ) : null}
        <Button type="submit">{desk.addField}</Button>
      </Form>
    </>
  );
}

function NewFolder() {
  const { desk } = useTongue().words;
  const send = useSend();
  const [trouble, attempt] = useTry();
  const [one, setOne] = useState("");
  const [many, setMany] = useState("");
  const add = () =>
    attempt(async () => {
      await send("/api/v1/folders", { body: { key: keyOf(one), plural: keyOf(many) }, said: desk.saved });
      setOne("");
      setMany("");
    });
  return (
    <Section title={desk.newFolder}>
      {trouble}
      <Form submit={() => void add()}>
        <TextInput label={desk.nameOfOne} required value={one} onChange={(e) => setOne(e.currentTarget.value)} />
        <TextInput label={desk.nameOfMany} required value={many} onChange={(e) => setMany(e.currentTarget.value)} />
        <Button type="submit">{desk.create}</Button>
      </Form>
    </Section>
  );
}

// keyOf makes a key of a name: small letters without marks.
export function keyOf(name: string): string {
  const flat = name.normalize("NFD").replace(/\p{M}/gu, "").replaceAll("ł", "l").replaceAll("Ł", "l").toLowerCase();
  return flat.replace(/[^a-z0-9]+/g, "_").replace(/^_+|_+$/g, "");
}
