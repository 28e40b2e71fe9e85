import { Button, Textarea } from "@mantine/core";
import { useState } from "react";
import type { MeView } from "../api/api";
import { useSend } from "../api/query";
import { useTry } from "../look/attempt";
import { Section } from "../look/screen";
import { useSaid } from "../words/catalogue";
import { useWords } from "../words/words";
import { Form } from "./asking";
import styles from "./settings.module.css";
import { said } from "./words";

// Signature is what a person puts under their mail.
export function Signature({ me }: { me: MeView }) {
  const { desk } = useWords();
  const its = useSaid(said);
  const send = useSend();
  const [trouble, attempt] = useTry();
  const [text, setText] = useState(me.signature ?? "");
  const save = () =>
    void attempt(() => send("/api/v1/me/signature", { method: "PUT", body: { text }, said: desk.saved }));
  return (
    <Section title={its.signature}>
      <p className={styles.note}>{its.signatureText}</p>
      {trouble}
      <Form submit={save}>
        <Textarea
          aria-label={its.signature}
          autosize
          minRows={3}
          maxRows={12}
          maxLength={2000}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <Button type="submit">{desk.save}</Button>
      </Form>
    </Section>
  );
}
