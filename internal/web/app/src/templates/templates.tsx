import { Button } from "@mantine/core";
import { useState } from "react";
import type { ItemsTemplate, TemplateView } from "../api/api";
import { call } from "../api/client";
import { useGet, useSend } from "../api/query";
import { Letter } from "../campaigns/letter";
import { useTry } from "../look/attempt";
import { Empty } from "../look/empty";
import { Screen, Section } from "../look/screen";
import { Trouble } from "../look/trouble";
import { shortWhen } from "../look/when";
import styles from "../settings/settings.module.css";
import { useSaid } from "../words/catalogue";
import { useTongue } from "../words/words";
import { said } from "./words";

type Kind = "email" | "snippet";
type Template = NonNullable<ItemsTemplate["items"]>[number];

interface Open {
  kind: Kind;
  stored?: TemplateView;
}

// Templates are the letters and the pieces of text of the workspace.
export function Templates() {
  const its = useSaid(said);
  const { desk } = useTongue().words;
  const asked = useGet<ItemsTemplate>("/api/v1/templates");
  const [open, setOpen] = useState<Open | null>(null);
  const items = asked.data?.items ?? [];
  const edit = async (one: Template) =>
    setOpen({ kind: one.kind as Kind, stored: await call<TemplateView>(`/api/v1/templates/${one.id}`) });
  return (
    <Screen
      title={desk.templates}
      tools={
        <>
          <Button size="xs" variant="default" onClick={() => setOpen({ kind: "snippet" })}>
            {its.newSnippet}
          </Button>
          <Button size="xs" onClick={() => setOpen({ kind: "email" })}>
            {its.newEmail}
          </Button>
        </>
      }
    >
      {asked.error ? <Trouble cause={asked.error} onRetry={() => void asked.refetch()} /> : null}
      {open ? (
        <Section title={open.stored?.name ?? (open.kind === "email" ? its.newEmail : its.newSnippet)}>
          <Letter key={open.stored?.id ?? open.kind} {...open} done={() => setOpen(null)} />
          <div className={styles.pad}>
            <Button size="xs" variant="default" onClick={() => setOpen(null)}>
              {desk.cancel}
            </Button>
          </div>
        </Section>
      ) : null}
      {asked.data && items.length === 0 && !open ? <Empty title={its.none} text={its.noneText} /> : null}
      <Listed title={its.emails} items={items.filter((one) => one.kind !== "snippet")} edit={(one) => void edit(one)} />
      <Listed
        title={its.snippets}
        items={items.filter((one) => one.kind === "snippet")}
        edit={(one) => void edit(one)}
      />
    </Screen>
  );
}

interface ListedProps {
  title: string;
  items: readonly Template[];
  edit: (one: Template) => void;
}

function Listed({ title, items, edit }: ListedProps) {
  const its = useSaid(said);
  const { tag, words } = useTongue();
  const send = useSend();
  const [trouble, attempt] = useTry();
  if (items.length === 0) return null;
  const remove = (one: Template) =>
    window.confirm(its.sureRemove(one.name)) &&
    void attempt(() => send(`/api/v1/templates/${one.id}`, { method: "DELETE", said: words.desk.removed }));
  return (
    <Section title={title} count={items.length}>
      <ul className={styles.list}>
        {items.map((one) => (
          <li key={one.id}>
            <span>
              <strong>{one.name}</strong> <span className={styles.faint}>{one.subject}</span>
            </span>
            {one.owner ? <span className={styles.faint}>{its.mine}</span> : null}
            <time className={styles.faint} dateTime={one.at}>
              {shortWhen(one.at, tag, new Date())}
            </time>
            <Button size="xs" variant="default" onClick={() => edit(one)}>
              {its.edit}
            </Button>
            <Button size="xs" variant="default" onClick={() => remove(one)}>
              {words.desk.remove}
            </Button>
          </li>
        ))}
      </ul>
      {trouble}
    </Section>
  );
}
