import { Button, Textarea, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useDeferredValue, useState } from "react";
import type { LetterFilled, RecordList, TemplateMistakes, TemplateView } from "../api/api";
import { call } from "../api/client";
import { useGet, useSend } from "../api/query";
import { LeftOut } from "../compose/left";
import { useTry } from "../look/attempt";
import { useDraft } from "../look/draft";
import { useSaid } from "../words/catalogue";
import { useWords } from "../words/words";
import styles from "./campaigns.module.css";
import { said } from "./words";

interface LetterProps {
  stored?: TemplateView;
  kind?: "email" | "snippet";
  done: (template: string) => void;
}

interface Draft {
  name: string;
  subject: string;
  text: string; // plain text, or HTML where that cannot hold it
}

const nothing: Draft = { name: "", subject: "", text: "" };

// Letter writes a template, with its mistakes beside it and as one contact would
// read it.
export function Letter({ stored, kind = "email", done }: LetterProps) {
  const { desk } = useWords();
  const mine = useSaid(said);
  const send = useSend();
  const [trouble, attempt] = useTry();
  const raw = stored !== undefined && htmlOf(textOf(stored.html)) !== stored.html.trim();
  const [first] = useState(() =>
    stored
      ? { name: stored.name, subject: stored.subject ?? "", text: raw ? stored.html : textOf(stored.html) }
      : nothing,
  );
  const [draft, set, forget] = useDraft(`letter:${stored?.id ?? kind}:${stored?.version ?? ""}`, first);
  const { name, subject, text } = draft;
  const html = raw ? text : htmlOf(text);
  const body = useDeferredValue({ name: name || "–", kind, html, ...(kind === "email" ? { subject } : {}) });
  const checked = useAsking<TemplateMistakes>("/api/v1/templates/check", text || subject ? body : null);
  const faults = Object.values(checked.data?.problems ?? {}).flatMap((list) => list ?? []);
  const save = () =>
    attempt(async () => {
      const way = stored
        ? { path: `/api/v1/templates/${stored.id}`, method: "PUT" as const, version: stored.version }
        : { path: "/api/v1/templates", method: "POST" as const, version: "" };
      const { id } = await send<TemplateView>(way.path, { ...way, body: { ...body, name }, said: desk.saved });
      forget();
      done(id);
    });
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <TextInput
        label={mine.templateName}
        required
        value={name}
        onChange={(e) => set({ ...draft, name: e.currentTarget.value })}
      />
      {kind === "email" ? (
        <TextInput
          label={mine.subject}
          required
          value={subject}
          onChange={(e) => set({ ...draft, subject: e.currentTarget.value })}
        />
      ) : null}
      <Textarea
        label={raw ? `${mine.letter} (HTML)` : mine.letter}
        description={mine.letterHint}
        required
        rows={8}
        value={text}
        onChange={(e) => set({ ...draft, text: e.currentTarget.value })}
      />
      <LeftOut html={html} />
      {faults.map((fault) => (
        <p key={`${fault.line}:${fault.column}:${fault.text}`} className={styles.fault}>
          {fault.line}:{fault.column} {fault.text}
          {fault.hint ? ` – ${fault.hint}` : ""}
        </p>
      ))}
      {checked.fresh && faults.length === 0 && text ? <Preview body={body} /> : null}
      {trouble}
      <Button type="submit" disabled={faults.length > 0}>
        {desk.save}
      </Button>
    </form>
  );
}

function Preview({ body }: { body: object }) {
  const mine = useSaid(said);
  const contact = useGet<RecordList>("/api/v1/contacts?limit=1").data?.items?.[0]?.id;
  const filled = useAsking<LetterFilled>("/api/v1/templates/preview", contact ? { ...body, contact } : null).data;
  if (!filled) return null;
  return (
    <section className={styles.preview} aria-label={mine.preview}>
      <p className={styles.faint}>{mine.preview}</p>
      <strong>{filled.subject}</strong>
      <p>{filled.text}</p>
      {filled.missing?.length ? <p className={styles.fault}>{mine.missing(filled.missing.join(", "))}</p> : null}
    </section>
  );
}

// useAsking asks what changes nothing, though by POST; what was said stays until
// the next answer, and is not fresh until then.
function useAsking<T>(path: string, body: object | null): { data: T | undefined; fresh: boolean } {
  const { data, isPlaceholderData } = useQuery({
    queryKey: [path, body],
    queryFn: ({ signal }) => call<T>(path, { body, signal }),
    enabled: body !== null,
    placeholderData: (before) => before,
  });
  return { data, fresh: data !== undefined && !isPlaceholderData };
}

// htmlOf makes paragraphs of plain text.
export function htmlOf(text: string): string {
  const safe = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  const paragraphs = safe.split(/\n{2,}/).filter((one) => one.trim() !== "");
  return paragraphs.map((one) => `<p>${one.trim().replaceAll("\n", "<br>")}</p>`).join("\n");
}

// textOf is the plain text of such paragraphs.
export function textOf(html: string): string {
  return html
    .replace(/<br>/g, "\n")
    .replace(/<\/p>\s*<p>/g, "\n\n")
    .replace(/<\/?p>/g, "")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&")
    .trim();
}
