import { Button, Textarea } from "@mantine/core";
import { useState } from "react";
import type { MeView } from "../api/api";
import { useSend } from "../api/query";
import { isFormatted, pageOf } from "../compose/format";
import { LeftOut } from "../compose/left";
import { said as tools } from "../compose/rich_words";
import { useRich } from "../compose/text";
import { useTry } from "../look/attempt";
import { Section } from "../look/screen";
import { amount } from "../look/when";
import { useSaid } from "../words/catalogue";
import { useTongue } from "../words/words";
import { Form } from "./asking";
import styles from "./settings.module.css";
import { said } from "./words";

const most = 2000; // characters, as the server counts them

// Signature is what a person puts under their mail, plain or formatted.
export function Signature({ me }: { me: MeView }) {
  const { words, tag } = useTongue();
  const its = useSaid(said);
  const ofTools = useSaid(tools);
  const send = useSend();
  const [trouble, attempt] = useTry();
  const [text, setText] = useState(me.signature ?? "");
  const [html, setHTML] = useState(me.signature_html ?? "");
  const Rich = useRich(html !== "");
  const long = [...text.trim()].length;
  const save = () => {
    if (long > most) return;
    const body = isFormatted(html) ? { html } : { text };
    void attempt(() => send("/api/v1/me/signature", { method: "PUT", body, said: words.desk.saved }));
  };
  return (
    <Section title={its.signature}>
      <p className={styles.note}>{its.signatureText}</p>
      {trouble}
      <Form submit={save}>
        {html && Rich ? (
          <Rich
            label={its.signature}
            html={html}
            change={(page, plain) => {
              setHTML(page);
              setText(plain);
            }}
          />
        ) : (
          <Textarea
            aria-label={its.signature}
            autosize
            minRows={3}
            maxRows={12}
            readOnly={html !== ""}
            value={text}
            error={long > most ? its.signatureLong(amount(long, tag), amount(most, tag)) : undefined}
            onChange={(event) => setText(event.currentTarget.value)}
          />
        )}
        <LeftOut html={html} />
        {html && long > most ? (
          <p className={styles.note} role="alert">
            {its.signatureLong(amount(long, tag), amount(most, tag))}
          </p>
        ) : null}
        <div className={styles.tools}>
          <Button type="submit" disabled={long > most}>
            {words.desk.save}
          </Button>
          <Button variant="default" onClick={() => setHTML(html ? "" : pageOf(text))}>
            {html ? ofTools.plain : ofTools.formatting}
          </Button>
        </div>
      </Form>
    </Section>
  );
}
