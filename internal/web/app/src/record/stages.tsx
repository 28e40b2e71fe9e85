import { Button, Modal, TextInput } from "@mantine/core";
import { useState } from "react";
import type { CrmPipeline, CrmStage, FolderView, RecordView } from "../api/api";
import { useSend } from "../api/query";
import { reasonFor } from "../look/trouble";
import { useWords } from "../words/words";
import { apiOf } from "./folders";
import { useAllPipelines } from "./pipelines";
import styles from "./record.module.css";

export function usePipelines(kind: string): readonly CrmPipeline[] {
  const all = useAllPipelines() ?? [];
  return all.filter((one) => (one.kind || "deal") === kind);
}

// useMove brings a record to another stage, by the way that the stage asks for; or
// to another value of a field.
export function useMove(folder: FolderView | undefined, by?: string) {
  const { desk } = useWords();
  const send = useSend();
  return (record: RecordView, stage: CrmStage, reason?: string) => {
    if (!folder) return Promise.resolve();
    const path = `${apiOf(folder)}/${record.id}`;
    const said = desk.movedTo(stage.name);
    if (by) {
      const values = { [by]: stage.key || null };
      return send(path, { method: "PATCH", version: record.version, body: { values }, said });
    }
    const closed = record.values.stage_kind !== "open";
    const way = { won: "win", lost: "lose", open: "" }[stage.kind];
    if (way && !closed) return send(`${path}/${way}`, { version: record.version, body: { reason }, said });
    const body = { values: { stage: stage.key } };
    return send(path, { method: "PATCH", version: record.version, body, said });
  };
}

// Stages is the way of a record through its pipeline; a click moves it.
export function Stages({ folder, record }: { folder: FolderView; record: RecordView }) {
  const words = useWords();
  const pipeline = usePipelines(folder.kind).find((one) => one.key === record.values.pipeline);
  const move = useMove(folder);
  const [losing, setLosing] = useState<CrmStage | null>(null);
  const [trouble, setTrouble] = useState<string | null>(null);
  const stages = pipeline?.stages ?? [];
  const now = stages.findIndex((stage) => stage.key === record.values.stage);
  const go = async (stage: CrmStage, reason?: string) => {
    setTrouble(null);
    setLosing(null);
    try {
      await move(record, stage, reason);
    } catch (cause) {
      setTrouble(reasonFor(cause, words));
    }
  };
  if (!pipeline) return null;
  return (
    <div>
      <ol className={styles.stages} aria-label={pipeline.name}>
        {stages.map((stage, i) => (
          <li key={stage.key}>
            <button
              type="button"
              data-kind={stage.kind}
              data-done={i < now && stages[now]?.kind !== "lost"}
              aria-current={i === now ? "step" : undefined}
              title={stage.gate ? words.desk.gate(stage.gate) : undefined}
              onClick={() => (stage.kind === "lost" ? setLosing(stage) : void go(stage))}
            >
              {stage.name}
            </button>
          </li>
        ))}
      </ol>
      {trouble ? (
        <p className={styles.trouble} role="alert">
          {trouble}
        </p>
      ) : null}
      <Losing stage={losing} close={() => setLosing(null)} lose={(reason) => losing && void go(losing, reason)} />
    </div>
  );
}

interface LosingProps {
  stage: CrmStage | null;
  close: () => void;
  lose: (reason: string) => void;
}

// Losing asks why, because that is what is learnt from a loss.
export function Losing({ stage, close, lose }: LosingProps) {
  const words = useWords();
  const [reason, setReason] = useState("");
  return (
    <Modal opened={stage !== null} onClose={close} title={words.desk.whyLost} lockScroll={false} centered>
      <form
        className={styles.ask}
        onSubmit={(event) => {
          event.preventDefault();
          lose(reason);
        }}
      >
        <TextInput
          data-autofocus
          aria-label={words.desk.whyLost}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <Button type="submit">{stage?.name}</Button>
      </form>
    </Modal>
  );
}
