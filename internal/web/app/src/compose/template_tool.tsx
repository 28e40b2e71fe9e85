import { Button } from "@mantine/core";
import { useState } from "react";
import type { CrmTemplate, ItemsTemplate, LetterFilled } from "../api/api";
import { call } from "../api/client";
import { useGet } from "../api/query";
import { useTry } from "../look/attempt";
import { Sign } from "../look/sign";
import { useSaid } from "../words/catalogue";
import styles from "./compose.module.css";
import type { Part } from "./composer";
import { more } from "./more_words";
import type { PenRef } from "./text";

interface Props extends Part {
  pen: PenRef;
}

// TemplateTool puts a template into a letter, filled for the first who gets it; what
// would be put in, and which fields have no value, is shown before.
export function TemplateTool({ keeper, letter, pen }: Props) {
  const its = useSaid(more);
  const [open, setOpen] = useState(false);
  return (
    <>
      <button type="button" className={styles.tool} aria-expanded={open} onClick={() => setOpen(!open)}>
        <Sign name="template" />
        {its.template}
      </button>
      {open ? <Choice keeper={keeper} letter={letter} pen={pen} close={() => setOpen(false)} /> : null}
    </>
  );
}

interface Chosen {
  template: CrmTemplate;
  to: string;
  filled: LetterFilled;
}

function Choice({ keeper, letter, pen, close }: Props & { close: () => void }) {
  const its = useSaid(more);
  const { data } = useGet<ItemsTemplate>("/api/v1/templates");
  const [trouble, attempt] = useTry();
  const [chosen, setChosen] = useState<Chosen>();
  const choose = (template: CrmTemplate) =>
    void attempt(async () => {
      const [to = ""] = letter.to;
      const body = { ...(to && { to }), ...(letter.from && { from: letter.from }) };
      const filled = await call<LetterFilled>(`/api/v1/templates/${encodeURIComponent(template.id)}/fill`, { body });
      setChosen({ template, to, filled });
    });
  const insert = (subject: boolean) => {
    const { filled } = chosen as Chosen;
    if (subject) keeper.set({ subject: filled.subject });
    pen.current?.insert(filled);
    close();
  };
  return (
    <section className={styles.templates} aria-label={its.template}>
      {chosen ? (
        <Preview of={chosen} subject={letter.subject} insert={insert} back={() => setChosen(undefined)} />
      ) : (
        <ul>
          {data?.items?.map((one) => (
            <li key={one.id}>
              <button type="button" onClick={() => choose(one)}>
                <b>{one.name}</b> {one.subject}
              </button>
            </li>
          ))}
        </ul>
      )}
      {data?.items?.length === 0 ? <p className={styles.note}>{its.noTemplates}</p> : null}
      {trouble}
    </section>
  );
}

interface PreviewProps {
  of: Chosen;
  subject: string; // that the letter has
  insert: (subject: boolean) => void;
  back: () => void;
}

function Preview({ of: { template, to, filled }, subject, insert, back }: PreviewProps) {
  const its = useSaid(more);
  const [anew, setAnew] = useState(subject.trim() === "");
  const missing = filled.missing ?? [];
  return (
    <>
      <h3>{template.name}</h3>
      <p className={styles.note}>{to ? its.filledFor(to) : its.filledForNobody}</p>
      {missing.length > 0 ? (
        <p className={styles.fault} role="alert">
          {its.missing(missing.join(", "))}
        </p>
      ) : null}
      <pre>{filled.text}</pre>
      {filled.subject ? (
        <label className={styles.check}>
          <input type="checkbox" checked={anew} onChange={(event) => setAnew(event.currentTarget.checked)} />
          {its.alsoSubject(filled.subject)}
        </label>
      ) : null}
      <div className={styles.choices}>
        <Button size="compact-sm" onClick={() => insert(anew && filled.subject !== "")}>
          {its.insert}
        </Button>
        <Button size="compact-sm" variant="default" onClick={back}>
          {its.otherTemplate}
        </Button>
      </div>
    </>
  );
}
