import { Button, Modal, NativeSelect } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { BulkEdit, FieldView, FolderView } from "../api/api";
import { call } from "../api/client";
import { reasonFor } from "../look/trouble";
import { amount } from "../look/when";
import { labelOfField, shownFields } from "../record/folders";
import { editable, written } from "../record/value";
import { ValueInput } from "../record/value_input";
import { useUndo } from "../shell/undo";
import { useSaid } from "../words/catalogue";
import { useTongue } from "../words/words";
import type { Order } from "./bulk";
import { Planned } from "./planned";
import styles from "./table.module.css";
import { said } from "./words";

interface Props {
  folder: FolderView;
  order: Order;
  many: string;
  close: (done: boolean) => void;
}

const look = 250; // ms between two looks at a job

// Editing gives many records the same value: it is planned first, and every
// record shows what it becomes, or why it cannot; then it is done, as one batch.
export default function Editing({ folder, order, many, close }: Props) {
  const its = useSaid(said);
  const tongue = useTongue();
  const { words, tag } = tongue;
  const client = useQueryClient();
  const undo = useUndo();
  const fields = shownFields(folder).filter((field) => editable(field) || (field.type === "relation" && !field.system));
  const [key, setKey] = useState(fields[0]?.key ?? "");
  const [way, setWay] = useState("set");
  const [value, setValue] = useState("");
  const [plan, setPlan] = useState<BulkEdit | null>(null);
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<string | null>(null);
  const field = fields.find((one) => one.key === key);
  const ways = field?.many ? ["add", "drop", "set", "clear"] : ["set", "clear"];
  const afresh = () => {
    setPlan(null);
    setTrouble(null);
  };
  // run asks for work and waits until it stands at a stage.
  const run = async (begin: () => Promise<BulkEdit>, stage: string): Promise<BulkEdit | null> => {
    setBusy(true);
    setTrouble(null);
    try {
      let job = await begin();
      while (job.stage !== stage && job.state !== "failed" && job.state !== "cancelled") {
        await new Promise((wait) => setTimeout(wait, look));
        job = await call<BulkEdit>(`/api/v1/bulk/${job.id}`);
        setPlan(job);
      }
      if (job.stage === stage) return job;
      setTrouble([job.msg, job.hint].filter(Boolean).join(" – ") || words.failed);
    } catch (cause) {
      setTrouble(reasonFor(cause, words));
    } finally {
      setBusy(false);
    }
    return null;
  };
  const makePlan = async () => {
    if (!field) return;
    const body = { ...order, ...changeOf(field, way, value) };
    setPlan(await run(() => call<BulkEdit>("/api/v1/bulk", { body }), "planned"));
  };
  const apply = async () => {
    if (!plan) return;
    const done = await run(() => call<BulkEdit>(`/api/v1/bulk/${plan.id}/apply`, { method: "POST" }), "applied");
    if (!done) return;
    undo.offer(its.changed(amount(done.counts?.set ?? 0, tag)), done.batch);
    await client.invalidateQueries();
    close(true);
  };
  const planned = plan?.stage === "planned" ? plan : null;
  return (
    <Modal opened onClose={() => close(false)} title={its.bulk} size="lg" lockScroll={false} centered>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          void makePlan();
        }}
      >
        <p>{its.bulkOf(many)}</p>
        <div className={styles.change}>
          <NativeSelect
            aria-label={its.field}
            value={key}
            data={fields.map((one) => ({ value: one.key, label: labelOfField(one, tongue) }))}
            onChange={(event) => {
              const next = fields.find((one) => one.key === event.currentTarget.value);
              setKey(event.currentTarget.value);
              setWay(next?.many ? "add" : "set");
              setValue("");
              afresh();
            }}
          />
          <NativeSelect
            aria-label={its.way}
            value={way}
            data={ways.map((one) => ({ value: one, label: its.ways[one] ?? one }))}
            onChange={(event) => {
              setWay(event.currentTarget.value);
              afresh();
            }}
          />
          {field && way !== "clear" ? (
            <ValueInput
              key={field.key}
              field={field}
              value={value}
              set={(next) => {
                setValue(next);
                afresh();
              }}
            />
          ) : null}
          <Button
            type="submit"
            variant={planned ? "default" : "filled"}
            loading={busy && !planned}
            disabled={way !== "clear" && !value}
          >
            {its.plan}
          </Button>
        </div>
        {busy && plan && !planned ? (
          <p role="status">
            {its.planning} {amount(plan.done, tag)}
          </p>
        ) : null}
        {trouble ? (
          <p className={styles.bad} role="alert">
            {trouble}
          </p>
        ) : null}
        {planned ? <Planned plan={planned} folder={folder} /> : null}
        {planned?.counts?.set ? (
          <Button loading={busy} onClick={() => void apply()}>
            {its.change(amount(planned.counts.set, tag))}
          </Button>
        ) : null}
      </form>
    </Modal>
  );
}

function changeOf(field: FieldView, way: string, value: string) {
  if (way === "clear") return { set: { [field.key]: null } };
  const said = written(field, value, { id: "", kind: "", created_at: "", version: "", values: {} });
  const one = field.type === "relation" && !field.many ? value : said;
  return { [way]: { [field.key]: one } };
}
