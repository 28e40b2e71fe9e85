import { Button, NumberInput, TextInput } from "@mantine/core";
import { useState } from "react";
import type { CrmPipeline, CrmStage, ItemsPipeline } from "../api/api";
import { useGet, useSend } from "../api/query";
import { Section } from "../look/screen";
import { useWords } from "../words/words";
import { useTry } from "./asking";
import styles from "./settings.module.css";

// Pipelines are the ways that deals and tickets go.
export function Pipelines() {
  const list = useGet<ItemsPipeline>("/api/v1/pipelines").data?.items ?? [];
  return list.map((pipeline) => <Pipeline key={JSON.stringify(pipeline)} stored={pipeline} />);
}

function Pipeline({ stored }: { stored: CrmPipeline }) {
  const { desk } = useWords();
  const send = useSend();
  const [trouble, attempt] = useTry();
  const [pipeline, setPipeline] = useState(stored);
  const stages = pipeline.stages ?? [];
  const set = (at: number, change: Partial<CrmStage>) =>
    setPipeline({ ...pipeline, stages: stages.map((stage, i) => (i === at ? { ...stage, ...change } : stage)) });
  const save = () => {
    const { key, ...body } = pipeline;
    return attempt(() => send(`/api/v1/pipelines/${key}`, { method: "PUT", body, said: desk.saved }));
  };
  return (
    <Section title={pipeline.name}>
      <div className={styles.stages}>
        <NumberInput
          label={desk.stuckAfter}
          value={pipeline.rot_days ?? 0}
          min={0}
          hideControls
          onChange={(value) => setPipeline({ ...pipeline, rot_days: Number(value) || 0 })}
        />
        {stages.map((stage, i) => (
          <fieldset key={stage.key} className={styles.stage}>
            <legend>{stage.name}</legend>
            <TextInput
              label={desk.fields.name}
              value={stage.name}
              onChange={(e) => set(i, { name: e.currentTarget.value })}
            />
            <NumberInput
              label={desk.probability}
              value={stage.probability}
              min={0}
              max={100}
              hideControls
              onChange={(value) => set(i, { probability: Number(value) || 0 })}
            />
            <TextInput
              className={styles.grow}
              label={desk.gateLabel}
              placeholder="amount > 0"
              value={stage.gate ?? ""}
              onChange={(e) => set(i, { gate: e.currentTarget.value })}
            />
          </fieldset>
        ))}
        {trouble}
        <Button disabled={pipeline === stored} onClick={() => void save()}>
          {desk.save}
        </Button>
      </div>
    </Section>
  );
}
