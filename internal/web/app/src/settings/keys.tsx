import { Button, Checkbox, TextInput } from "@mantine/core";
import { useState } from "react";
import type { ItemsKeyView, KeyView } from "../api/api";
import { useGet, useSend } from "../api/query";
import { useTry } from "../look/attempt";
import { Quiet, Section } from "../look/screen";
import { shortWhen } from "../look/when";
import { useHere } from "../shell/session";
import { useSaid } from "../words/catalogue";
import { useTongue } from "../words/words";
import { Form, Once } from "./asking";
import styles from "./settings.module.css";
import { said } from "./words";

// Keys are for programs that use the API. A new one is shown once.
export function Keys() {
  const { tag, words } = useTongue();
  const { desk } = words;
  const mine = useSaid(said);
  const send = useSend();
  const { rights } = useHere();
  const [trouble, attempt] = useTry();
  const [name, setName] = useState("");
  const [scopes, setScopes] = useState<readonly string[]>([]);
  const [days, setDays] = useState("0");
  const [made, setMade] = useState<KeyView | null>(null);
  // A key opens no more than its owner may do.
  const offered = Object.entries(mine.scopeNames).filter(([scope]) => scope !== "admin" || rights.includes("admin"));
  const list = useGet<ItemsKeyView>("/api/v1/apikeys").data?.items ?? [];
  const add = () =>
    attempt(async () => {
      setMade(await send<KeyView>("/api/v1/apikeys", { body: { name, scopes, days: Number(days) || 0 } }));
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
            <span className={styles.faint}>
              {(key.scopes ?? []).map((one) => mine.scopeNames[one] ?? one).join(", ")}
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
        <TextInput
          label={mine.days}
          inputMode="numeric"
          value={days}
          onChange={(e) => setDays(e.currentTarget.value.replace(/\D/g, ""))}
        />
        <fieldset className={styles.rights}>
          <legend>{mine.scopes}</legend>
          {offered.map(([scope, label]) => (
            <Checkbox
              key={scope}
              size="xs"
              label={label}
              checked={scopes.includes(scope)}
              onChange={(e) => {
                const rest = scopes.filter((one) => one !== scope);
                setScopes(e.currentTarget.checked ? [...rest, scope] : rest);
              }}
            />
          ))}
        </fieldset>
        <Button type="submit">{desk.makeKey}</Button>
      </Form>
    </Section>
  );
}
