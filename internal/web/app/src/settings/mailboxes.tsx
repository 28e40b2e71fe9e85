import { Button, NativeSelect, PasswordInput, TextInput } from "@mantine/core";
import { useState } from "react";
import type { ItemsMailboxView } from "../api/api";
import { useGet, useSend } from "../api/query";
import { Section } from "../look/screen";
import { nameOf, useWords } from "../words/words";
import { Form, useTry } from "./asking";
import styles from "./settings.module.css";

// MailboxTab connects mailboxes and lets them rest.
export function MailboxTab() {
  const words = useWords();
  const { desk } = words;
  const send = useSend();
  const [trouble, attempt] = useTry();
  const list = useGet<ItemsMailboxView>("/api/v1/mailboxes").data?.items ?? [];
  return (
    <>
      <Section title={words.mailboxes} count={list.length}>
        <ul className={styles.list}>
          {list.map((box) => (
            <li key={box.id}>
              <span>
                <strong>{box.address}</strong> <span className={styles.faint}>{box.server}</span>
              </span>
              <span className={styles.faint}>{nameOf(words.states, box.state)}</span>
              <Button
                size="xs"
                variant="default"
                onClick={() =>
                  void attempt(() =>
                    send(`/api/v1/mailboxes/${box.id}/${box.state === "paused" ? "resume" : "pause"}`, {
                      said: desk.saved,
                    }),
                  )
                }
              >
                {box.state === "paused" ? desk.resume : desk.pause}
              </Button>
              <Button
                size="xs"
                variant="default"
                onClick={() => void attempt(() => send(`/api/v1/mailboxes/${box.id}/sync`, { said: desk.looking }))}
              >
                {desk.lookNow}
              </Button>
            </li>
          ))}
        </ul>
        {trouble}
      </Section>
      <Connect />
    </>
  );
}

const empty = { server: "", login: "", password: "", tls: "tls" };

function Connect() {
  const { desk } = useWords();
  const send = useSend();
  const [trouble, attempt] = useTry();
  const [box, setBox] = useState(empty);
  const set = (key: keyof typeof empty) => (event: { currentTarget: { value: string } }) =>
    setBox({ ...box, [key]: event.currentTarget.value });
  const add = async () => {
    if (await attempt(() => send("/api/v1/mailboxes", { body: box, said: desk.connected }))) setBox(empty);
  };
  return (
    <Section title={desk.connect}>
      {trouble}
      <Form submit={() => void add()}>
        <TextInput
          label={desk.server}
          placeholder="imap.company.example:993"
          required
          value={box.server}
          onChange={set("server")}
        />
        <NativeSelect label="TLS" value={box.tls} data={["tls", "starttls", "none"]} onChange={set("tls")} />
        <TextInput label={desk.login} required autoComplete="off" value={box.login} onChange={set("login")} />
        <PasswordInput
          label={desk.password}
          required
          autoComplete="off"
          value={box.password}
          onChange={set("password")}
        />
        <Button type="submit">{desk.connect}</Button>
      </Form>
    </Section>
  );
}
