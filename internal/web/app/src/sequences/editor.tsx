import { Button, Checkbox, NativeSelect, NumberInput, TextInput } from "@mantine/core";
import { useState } from "react";
import type { ItemsMailboxView, ItemsTemplate, SequenceView, StepBody } from "../api/api";
import { useGet, useSend } from "../api/query";
import styles from "../campaigns/campaigns.module.css";
import { said as campaignsSaid } from "../campaigns/words";
import { useTry } from "../look/attempt";
import { useDraft } from "../look/draft";
import { Section } from "../look/screen";
import { Sign } from "../look/sign";
import { go } from "../route";
import { useHere } from "../shell/session";
import { useSaid } from "../words/catalogue";
import { useWords } from "../words/words";
import own from "./sequences.module.css";
import { said } from "./words";

interface Draft {
  name: string;
  mailbox: string;
  steps: StepBody[];
  stop_on_deal: boolean;
  per_day: number;
}

const anew: Draft = { name: "", mailbox: "", steps: [{ template: "" }], stop_on_deal: true, per_day: 100 };

const draftOf = ({ name, mailbox, steps, stop_on_deal = false, pace }: SequenceView): Draft => ({
  name,
  mailbox,
  steps: (steps ?? []).map(({ letter: _, ...step }) => step),
  stop_on_deal,
  per_day: pace.per_day,
});

// Editor writes a sequence: the letters, what is between them, and for whom each
// is. What was typed stays until it is stored.
export function Editor({ stored, done }: { stored?: SequenceView; done?: () => void }) {
  const { desk } = useWords();
  const its = useSaid(said);
  const campaigns = useSaid(campaignsSaid);
  const { user } = useHere();
  const send = useSend();
  const [trouble, attempt] = useTry();
  const [first] = useState(() => (stored ? draftOf(stored) : anew));
  const [draft, write, forget] = useDraft(`sequence:${stored?.id ?? ""}:${stored?.version ?? ""}`, first);
  const boxes = (useGet<ItemsMailboxView>("/api/v1/mailboxes").data?.items ?? []).filter(
    (box) => box.owner === user.id,
  );
  const templates = useGet<ItemsTemplate>("/api/v1/templates?kind=email").data?.items ?? [];
  const set = (change: Partial<Draft>) => write({ ...draft, ...change });
  const { steps } = draft;
  const save = () =>
    attempt(async () => {
      const pace = { ...(stored?.pace ?? { per_minute: 10 }), per_day: draft.per_day };
      const body = {
        name: draft.name,
        mailbox: draft.mailbox || boxes[0]?.id,
        steps,
        stop_on_deal: draft.stop_on_deal,
        pace,
        ...(stored ? { track: stored.track, marketing: stored.marketing, purpose: stored.purpose } : {}),
      };
      const made = stored
        ? await send<SequenceView>(`/api/v1/sequences/${stored.id}`, {
            method: "PUT",
            ...(stored.version ? { version: stored.version } : {}),
            body,
            said: desk.saved,
          })
        : await send<SequenceView>("/api/v1/sequences", { body, said: desk.created });
      forget();
      done?.();
      go(`/sequences/${made.id}`);
    });
  return (
    <Section title={stored ? its.edit : its.make}>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <TextInput
          label={campaigns.name}
          required
          value={draft.name}
          onChange={(e) => set({ name: e.currentTarget.value })}
        />
        <ol className={own.steps}>
          {steps.map((step, i) => (
            <Step
              // biome-ignore lint/suspicious/noArrayIndexKey: a step is its place
              key={i}
              at={i}
              last={steps.length - 1}
              step={step}
              letters={templates.map(({ id, name }) => ({ value: id, label: name }))}
              set={(change) => set({ steps: steps.map((one, j) => (j === i ? { ...one, ...change } : one)) })}
              move={(to) => set({ steps: moved(steps, i, to) })}
              drop={() => set({ steps: steps.filter((_, j) => j !== i) })}
            />
          ))}
        </ol>
        <Button variant="default" size="xs" onClick={() => set({ steps: [...steps, { template: "", wait: 3 }] })}>
          {its.addStep}
        </Button>
        <div className={styles.pair}>
          <NativeSelect
            label={campaigns.mailbox}
            value={draft.mailbox || boxes[0]?.id}
            data={boxes.map((box) => ({ value: box.id, label: box.address }))}
            error={boxes.some((box) => box.smtp || box.kind === "gmail") ? null : campaigns.noMailbox}
            onChange={(e) => set({ mailbox: e.currentTarget.value })}
          />
          <NumberInput
            label={campaigns.perDay}
            value={draft.per_day}
            min={1}
            hideControls
            onChange={(n) => set({ per_day: +n || 1 })}
          />
        </div>
        <Checkbox
          label={its.stopOnDeal}
          checked={draft.stop_on_deal}
          onChange={(e) => set({ stop_on_deal: e.currentTarget.checked })}
        />
        {trouble}
        <Button type="submit">{desk.save}</Button>
      </form>
    </Section>
  );
}

function moved<T>(list: readonly T[], from: number, to: number): T[] {
  const out = [...list];
  out.splice(to, 0, ...out.splice(from, 1));
  return out;
}

interface StepProps {
  at: number;
  last: number;
  step: StepBody;
  letters: readonly { value: string; label: string }[];
  set: (change: Partial<StepBody>) => void;
  move: (to: number) => void;
  drop: () => void;
}

function Step({ at, last, step, letters, set, move, drop }: StepProps) {
  const its = useSaid(said);
  const campaigns = useSaid(campaignsSaid);
  const { desk } = useWords();
  return (
    <li>
      <fieldset className={own.step}>
        <legend>{its.step(at + 1)}</legend>
        <div className={own.fields}>
          <NumberInput
            label={its.wait}
            value={step.wait ?? 0}
            min={0}
            max={250}
            hideControls
            onChange={(n) => set({ wait: +n || 0 })}
          />
          <NativeSelect
            label={its.letter}
            required
            value={step.template}
            data={[{ value: "", label: campaigns.noTemplate }, ...letters]}
            onChange={(e) => set({ template: e.currentTarget.value })}
          />
          <TextInput
            label={its.only}
            placeholder="contacts where last_inbound is empty"
            value={step.if ?? ""}
            onChange={(e) => set({ if: e.currentTarget.value })}
          />
        </div>
        <div className={own.fields}>
          {at > 0 ? (
            <Checkbox
              label={its.fresh}
              checked={step.new ?? false}
              onChange={(e) => set({ new: e.currentTarget.checked })}
            />
          ) : null}
          <span className={own.tools}>
            <button
              type="button"
              aria-label={`${its.up}: ${its.step(at + 1)}`}
              disabled={at === 0}
              onClick={() => move(at - 1)}
            >
              ↑
            </button>
            <button
              type="button"
              aria-label={`${its.down}: ${its.step(at + 1)}`}
              disabled={at === last}
              onClick={() => move(at + 1)}
            >
              ↓
            </button>
            <button
              type="button"
              aria-label={`${desk.remove}: ${its.step(at + 1)}`}
              disabled={last === 0}
              onClick={drop}
            >
              <Sign name="close" />
            </button>
          </span>
        </div>
      </fieldset>
    </li>
  );
}
