import { Button, Checkbox, NativeSelect } from "@mantine/core";
import { useState } from "react";
import type { FieldView, IntakeImport, IntakeOptions } from "../api/api";
import { useSend } from "../api/query";
import { useTry } from "../look/attempt";
import { fixed } from "../look/fixed";
import { Section } from "../look/screen";
import { Scroll } from "../look/scroll";
import { labelOfField, useFolders } from "../record/folders";
import { useSaid } from "../words/catalogue";
import { useTongue } from "../words/words";
import styles from "./imports.module.css";
import { said } from "./words";

const encodings = ["utf-8", "utf-16le", "utf-16be", "windows-1250", "windows-1252"];
const thens = ["merge", "update", "skip", "create", "error"];

// Mapping is what was guessed of a file, to be corrected, and what happens to
// rows whose record is there already. Planning writes nothing.
export function Mapping({ of }: { of: IntakeImport }) {
  const mine = useSaid(said);
  const tongue = useTongue();
  const send = useSend();
  const [trouble, attempt] = useTry();
  const [busy, setBusy] = useState(false);
  const { spec } = of;
  const [options, setOptions] = useState<IntakeOptions>({
    ...spec.dialect,
    map: spec.map,
    match: spec.match,
    // biome-ignore lint/suspicious/noThenProperty: the server calls it so
    then: spec.then,
    make: spec.make,
  });
  const set = (change: Partial<IntakeOptions>) => setOptions({ ...options, ...change });
  const fields = useFolders().find((one) => one.kind === spec.kind)?.fields ?? [];
  const plan = async (change: Partial<IntakeOptions> = {}) => {
    setBusy(true);
    await attempt(() => send(`/api/v1/imports/${of.id}/plan`, { body: { ...options, ...change } }));
    setBusy(false);
  };
  // Another way to read the file has other columns, so those are guessed anew.
  const reread = (change: Partial<IntakeOptions>) => plan({ ...change, map: null, match: null });
  return (
    <Section title={mine.columns}>
      {trouble}
      <div className={styles.reading}>
        <NativeSelect
          label={mine.encoding}
          value={spec.dialect.encoding}
          data={encodings}
          onChange={(e) => void reread({ encoding: e.currentTarget.value as NonNullable<IntakeOptions["encoding"]> })}
        />
        <NativeSelect
          label={mine.delimiter}
          value={spec.dialect.delimiter}
          data={Object.entries(mine.delimiters).map(([value, label]) => ({ value, label }))}
          onChange={(e) => void reread({ delimiter: e.currentTarget.value as NonNullable<IntakeOptions["delimiter"]> })}
        />
        <Checkbox
          label={mine.header}
          checked={spec.dialect.header}
          onChange={(e) => void reread({ header: e.currentTarget.checked })}
        />
      </div>
      <Columns of={of} map={options.map ?? []} fields={fields} choose={(map) => set({ map })} />
      <div className={styles.reading}>
        <fieldset className={styles.match}>
          <legend>{mine.match}</legend>
          {(options.map ?? []).filter(unique).map((key) => (
            <Checkbox
              key={key}
              size="xs"
              label={labelOf(fields, key, tongue)}
              checked={options.match?.includes(key) ?? false}
              onChange={(e) => set({ match: turned(options.match ?? [], key, e.currentTarget.checked) })}
            />
          ))}
        </fieldset>
        <NativeSelect
          label={mine.known}
          value={options.then}
          data={thens.map((value) => ({ value, label: mine.thens[value] ?? value }))}
          // biome-ignore lint/suspicious/noThenProperty: the server calls it so
          onChange={(e) => set({ then: e.currentTarget.value as NonNullable<IntakeOptions["then"]> })}
        />
        <Checkbox
          label={mine.make}
          checked={options.make ?? true}
          onChange={(e) => set({ make: e.currentTarget.checked })}
        />
      </div>
      <div className={styles.pad}>
        <Button variant={of.stage === "planned" ? "default" : "filled"} loading={busy} onClick={() => void plan()}>
          {of.stage === "planned" ? mine.planAgain : mine.plan}
        </Button>
      </div>
    </Section>
  );
}

const unique = (key: string, at: number, all: readonly string[]) => key !== "" && all.indexOf(key) === at;

const turned = (list: readonly string[], key: string, on: boolean) =>
  on ? [...list, key] : list.filter((one) => one !== key);

function labelOf(fields: readonly FieldView[], key: string, tongue: ReturnType<typeof useTongue>): string {
  const field = fields.find((one) => one.key === key);
  return field ? labelOfField(field, tongue) : key;
}

interface ColumnsProps {
  of: IntakeImport;
  map: readonly string[];
  fields: readonly FieldView[];
  choose: (map: string[]) => void;
}

// Columns is the mapping: a line for each column of the file, with its first
// values beside it.
function Columns({ of, map, fields, choose }: ColumnsProps) {
  const mine = useSaid(said);
  const tongue = useTongue();
  const data = [
    { value: "", label: mine.leaveOut },
    ...fields
      .filter((f) => !f.system && !f.expr && !f.stat)
      .map((f) => ({ value: f.key, label: labelOfField(f, tongue) })),
  ];
  const known = new Set(data.map((one) => one.value));
  // A column may name a part of a field, such as the role of a link.
  for (const key of map) if (!known.has(key)) data.push({ value: key, label: key });
  return (
    <Scroll label={mine.columns}>
      <table className={styles.table}>
        <thead>
          <tr>
            <th>{mine.column}</th>
            <th>{mine.sample}</th>
            <th>{mine.field}</th>
          </tr>
        </thead>
        <tbody>
          {fixed(of.spec.columns ?? [], (column, at) => (
            <tr>
              <th scope="row">{column || at + 1}</th>
              <td>{sampleOf(of, at)}</td>
              <td>
                <NativeSelect
                  size="xs"
                  aria-label={`${mine.field}: ${column || at + 1}`}
                  value={map[at] ?? ""}
                  data={data}
                  onChange={(e) => choose(map.map((key, i) => (i === at ? e.currentTarget.value : key)))}
                />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

const sampleOf = (of: IntakeImport, at: number) =>
  (of.spec.sample ?? [])
    .map((row) => row?.[at] ?? "")
    .filter(Boolean)
    .slice(0, 3)
    .join(" · ");
