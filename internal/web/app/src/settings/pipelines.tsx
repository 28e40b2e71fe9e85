import { Button, NativeSelect, NumberInput, TextInput } from "@mantine/core";
import { useState } from "react";
import type { CrmPipeline, CrmStage, ItemsPipeline } from "../api/api";
import { useGet, useSend } from "../api/query";
import { useTry } from "../look/attempt";
import { Section } from "../look/screen";
import { Sign } from "../look/sign";
import { labelOfFolder, useFolders } from "../record/folders";
import { useSaid } from "../words/catalogue";
import { useTongue } from "../words/words";
import { Form } from "./asking";
import { keyOf } from "./fields";
import styles from "./settings.module.css";
import { said } from "./words";

// Pipelines are the ways that deals and tickets go.
export function Pipelines() {
  const list = useGet<ItemsPipeline>("/api/v1/pipelines").data?.items ?? [];
  return (
    <>
      {list.map((pipeline) => (
        <Pipeline key={JSON.stringify(pipeline)} stored={pipeline} />
      ))}
      <NewPipeline taken={list.map(({ key }) => key)} />
    </>
  );
}

// Pipeline is one: its stages in their order, what must hold to enter them, and
// after how long a record there is stuck.
function Pipeline({ stored }: { stored: CrmPipeline }) {
  const { desk } = useTongue().words;
  const mine = useSaid(said);
  const send = useSend();
  const [trouble, attempt] = useTry();
  const [pipeline, setPipeline] = useState(stored);
  const [name, setName] = useState("");
  const stages = pipeline.stages ?? [];
  const put = (next: CrmStage[]) => setPipeline({ ...pipeline, stages: next });
  const save = () => {
    const { key, ...body } = pipeline;
    return attempt(() => send(`/api/v1/pipelines/${key}`, { method: "PUT", body, said: desk.saved }));
  };
  const add = () => {
    const taken = stages.map(({ key }) => key);
    const stage: CrmStage = { key: free(keyOf(name), taken), name, kind: "open", probability: 50 };
    const end = stages.findIndex(({ kind }) => kind !== "open");
    put(end < 0 ? [...stages, stage] : [...stages.slice(0, end), stage, ...stages.slice(end)]);
    setName("");
  };
  const remove = () =>
    window.confirm(mine.surePipeline(pipeline.name)) &&
    void attempt(() => send(`/api/v1/pipelines/${pipeline.key}`, { method: "DELETE", said: desk.removed }));
  return (
    <Section title={stored.name}>
      <div className={styles.stages}>
        <div className={styles.stageHead}>
          <TextInput
            label={desk.fields.name}
            value={pipeline.name}
            onChange={(e) => setPipeline({ ...pipeline, name: e.currentTarget.value })}
          />
          <NumberInput
            label={desk.stuckAfter}
            value={pipeline.rot_days ?? 0}
            min={0}
            hideControls
            onChange={(value) => setPipeline({ ...pipeline, rot_days: Number(value) || 0 })}
          />
        </div>
        <ol className={styles.stageList}>
          {stages.map((stage, i) => (
            <Stage
              key={stage.key}
              stage={stage}
              first={i === 0}
              last={i === stages.length - 1}
              set={(change) => put(stages.map((one, j) => (j === i ? { ...one, ...change } : one)))}
              move={(by) => put(moved(stages, i, i + by))}
              drop={() => put(stages.filter((_, j) => j !== i))}
            />
          ))}
        </ol>
        <div className={styles.stageHead}>
          <TextInput
            aria-label={mine.newStage}
            placeholder={mine.newStage}
            value={name}
            onChange={(e) => setName(e.currentTarget.value)}
            onKeyDown={(event) => event.key === "Enter" && name.trim() && add()}
          />
          <Button variant="default" disabled={!name.trim()} onClick={add}>
            {desk.add}
          </Button>
        </div>
        {trouble}
        <div className={styles.stageHead}>
          <Button disabled={pipeline === stored} onClick={() => void save()}>
            {desk.save}
          </Button>
          <Button variant="default" onClick={remove}>
            {desk.remove}
          </Button>
        </div>
      </div>
    </Section>
  );
}

interface StageProps {
  stage: CrmStage;
  first: boolean;
  last: boolean;
  set: (change: Partial<CrmStage>) => void;
  move: (by: number) => void;
  drop: () => void;
}

const kinds = ["open", "won", "lost"] as const;

function Stage({ stage, first, last, set, move, drop }: StageProps) {
  const { desk } = useTongue().words;
  const mine = useSaid(said);
  const label = (what: string) => `${what}: ${stage.name}`;
  return (
    <li className={styles.stage}>
      <TextInput
        aria-label={label(desk.fields.name ?? "")}
        value={stage.name}
        onChange={(e) => set({ name: e.currentTarget.value })}
      />
      <NativeSelect
        aria-label={label(mine.stageKind)}
        value={stage.kind}
        data={kinds.map((kind) => ({ value: kind, label: mine.stageKinds[kind] ?? kind }))}
        onChange={(e) => set({ kind: e.currentTarget.value as CrmStage["kind"] })}
      />
      <NumberInput
        aria-label={label(desk.probability)}
        suffix=" %"
        value={stage.probability}
        min={0}
        max={100}
        hideControls
        onChange={(value) => set({ probability: Number(value) || 0 })}
      />
      <TextInput
        aria-label={label(desk.gateLabel)}
        placeholder={`${desk.gateLabel}: amount > 0`}
        value={stage.gate ?? ""}
        onChange={(e) => set({ gate: e.currentTarget.value })}
      />
      <span className={styles.moves}>
        <button type="button" aria-label={label(mine.up)} disabled={first} onClick={() => move(-1)}>
          ↑
        </button>
        <button type="button" aria-label={label(mine.down)} disabled={last} onClick={() => move(1)}>
          ↓
        </button>
        <button type="button" aria-label={label(desk.remove)} onClick={drop}>
          <Sign name="close" />
        </button>
      </span>
    </li>
  );
}

function NewPipeline({ taken }: { taken: readonly string[] }) {
  const tongue = useTongue();
  const { desk } = tongue.words;
  const mine = useSaid(said);
  const send = useSend();
  const [trouble, attempt] = useTry();
  const [name, setName] = useState("");
  const [kind, setKind] = useState("deal");
  const staged = useFolders().filter((folder) => folder.staged);
  const make = async () => {
    const stages = [
      { key: "new", name: mine.stageKinds.open, kind: "open", probability: 20 },
      { key: "won", name: mine.stageKinds.won, kind: "won", probability: 100 },
      { key: "lost", name: mine.stageKinds.lost, kind: "lost", probability: 0 },
    ];
    const path = `/api/v1/pipelines/${free(keyOf(name), taken)}`;
    const body = { name, kind, stages };
    if (await attempt(() => send(path, { method: "PUT", body, said: desk.created }))) setName("");
  };
  return (
    <Section title={mine.newPipeline}>
      {trouble}
      <Form submit={() => void make()}>
        <TextInput label={desk.fields.name} required value={name} onChange={(e) => setName(e.currentTarget.value)} />
        <NativeSelect
          label={desk.folder}
          value={kind}
          data={staged.map((folder) => ({ value: folder.kind, label: labelOfFolder(folder, tongue) }))}
          onChange={(e) => setKind(e.currentTarget.value)}
        />
        <Button type="submit">{desk.create}</Button>
      </Form>
    </Section>
  );
}

function moved<T>(list: readonly T[], from: number, to: number): T[] {
  const out = [...list];
  out.splice(to, 0, ...out.splice(from, 1));
  return out;
}

// free is a key that nobody has yet.
function free(key: string, taken: readonly string[]): string {
  if (!taken.includes(key)) return key;
  const n = [2, 3, 4, 5, 6, 7, 8, 9].find((one) => !taken.includes(`${key}_${one}`)) ?? Date.now();
  return `${key}_${n}`;
}
