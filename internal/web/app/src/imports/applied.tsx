import { Button } from "@mantine/core";
import type { IntakeImport } from "../api/api";
import { useSend } from "../api/query";
import { useTry } from "../look/attempt";
import { Anchor } from "../look/link";
import { Section } from "../look/screen";
import { amount, lasting } from "../look/when";
import { useFolders } from "../record/folders";
import { useSaid } from "../words/catalogue";
import { nameOf, useTongue } from "../words/words";
import styles from "./imports.module.css";
import { Lines } from "./plan";
import { said } from "./words";

// Running is work on the way: how far, how fast, how long yet.
export function Running({ of }: { of: IntakeImport }) {
  const { tag } = useTongue();
  const mine = useSaid(said);
  const send = useSend();
  const [trouble, attempt] = useTry();
  const rests = of.state === "failed" || of.state === "cancelled";
  const act = (what: string) => void attempt(() => send(`/api/v1/jobs/${of.id}/${what}`, {}));
  return (
    <Section title={rests ? nameOf(mine.states, of.state) : nameOf(mine.stages, of.stage ?? "")}>
      <div className={styles.pad} role="status">
        <progress
          className={styles.progress}
          value={of.total ? of.done : undefined}
          max={of.total || 1}
          aria-label={mine.result}
        />
        <p>{mine.progress(amount(of.done, tag), amount(of.total, tag))}</p>
        <Pace of={of} />
        {of.msg ? (
          <p className={styles.fault}>
            {of.msg}
            {of.hint ? ` – ${of.hint}` : ""}
          </p>
        ) : null}
        {trouble}
        <Button variant="default" onClick={() => act(rests ? "resume" : "cancel")}>
          {rests ? mine.resume : mine.cancel}
        </Button>
      </div>
    </Section>
  );
}

function Pace({ of }: { of: IntakeImport }) {
  const { tag, words } = useTongue();
  const mine = useSaid(said);
  if (!of.rate) return null;
  return (
    <p className={styles.faint}>
      {mine.rows(Math.round(of.rate))}/s{of.left ? ` · ${words.left(lasting(of.left, tag))}` : ""}
    </p>
  );
}

// Applied is what came of an import; it can be taken back as a whole.
export function Applied({ of }: { of: IntakeImport }) {
  const mine = useSaid(said);
  const send = useSend();
  const [trouble, attempt] = useTry();
  const plural = useFolders().find((one) => one.kind === of.spec.kind)?.plural;
  return (
    <>
      <div className={styles.after}>
        {plural ? <Anchor href={`/${plural}`}>{mine.see}</Anchor> : null}
        {of.batch ? (
          <Button
            variant="default"
            onClick={() => void attempt(() => send(`/api/v1/changes/${of.batch}/undo`, { said: mine.undone }))}
          >
            {mine.undo}
          </Button>
        ) : null}
      </div>
      {trouble}
      <Lines of={of} title={mine.result} names={mine.done} />
    </>
  );
}
