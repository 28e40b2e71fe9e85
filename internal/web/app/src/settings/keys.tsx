import { Button, TextInput } from "@mantine/core";
import { useState } from "react";
import type { ItemsKeyView, KeyView } from "../api/api";
import { useGet, useSend } from "../api/query";
import { Quiet, Section } from "../look/screen";
import { shortWhen } from "../look/when";
import { useTongue } from "../words/words";
import { Form, Once, useTry } from "./asking";
import styles from "./settings.module.css";

// Keys are for programs that use the API. A new one is shown once.
export function Keys() {
  const { tag, words } = useTongue();
  const { desk } = words;
  const send = useSend();
  const [trouble, attempt] = useTry();
  const [name, setName] = useState("");
  const [made, setMade] = useState<KeyView | null>(null);
  const list = useGet<ItemsKeyView>("/api/v1/apikeys").data?.items ?? [];
  const add = () =>
    attempt(async () => {
      setMade(await send<KeyView>("/api/v1/apikeys", { body: { name } }));
      setName("");
    });
  return (
    <Section title={desk.tabs.keys ?? ""} count={list.length}>
      {list.length === 0 ? <Quiet>{desk.noKeys}</Quiet> : null}
      <ul className={styles.list}>
        {list.map((key) => (
          <li key={key.id}>
            <span>
              <strong>{key.name || key.id}</strong> <span className={styles.faint}>{key.email}</span>
            </span>
            <span className={styles.faint}>{shortWhen(key.created_at, tag, new Date())}</span>
            <Button
              size="xs"
              variant="default"
              onClick={() =>
                void attempt(() => send(`/api/v1/apikeys/${key.id}`, { method: "DELETE", said: desk.removed }))
              }
            >
              {desk.revoke}
            </Button>
          </li>
        ))}
      </ul>
      {made?.key ? <Once title={desk.keyOnce} text={made.key} /> : null}
      {trouble}
      <Form submit={() => void add()}>
        <TextInput label={desk.keyFor} required value={name} onChange={(e) => setName(e.currentTarget.value)} />
        <Button type="submit">{desk.makeKey}</Button>
      </Form>
    </Section>
  );
}
