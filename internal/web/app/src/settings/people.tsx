import { Button, TextInput } from "@mantine/core";
import { useState } from "react";
import type { ItemsUserView, Linked } from "../api/api";
import { useGet, useSend } from "../api/query";
import { useTry } from "../look/attempt";
import { Section } from "../look/screen";
import { useHere } from "../shell/session";
import { nameOf, useWords } from "../words/words";
import { Form, Once } from "./asking";
import styles from "./settings.module.css";

// People are the users of the workspace.
export function People() {
  const words = useWords();
  const { desk } = words;
  const { user: me, rights } = useHere();
  const admin = rights.includes("admin");
  const send = useSend();
  const [trouble, attempt] = useTry();
  const [email, setEmail] = useState("");
  const [name, setName] = useState("");
  const [link, setLink] = useState<Linked | null>(null);
  const list = useGet<ItemsUserView>("/api/v1/users").data?.items ?? [];
  const add = () =>
    attempt(async () => {
      setLink(await send<Linked>("/api/v1/users", { body: { email, name } }));
      setEmail("");
      setName("");
    });
  return (
    <Section title={desk.tabs.people ?? ""} count={list.length}>
      <ul className={styles.list}>
        {list.map((user) => (
          <li key={user.id}>
            <span>
              <strong>{user.name || user.email}</strong> <span className={styles.faint}>{user.email}</span>
            </span>
            <span className={styles.faint}>{nameOf(desk.choices, user.status)}</span>
            {/* Only the operator makes links for others: whoever has one is them. */}
            {user.id === me.id ? (
              <Button
                size="xs"
                variant="default"
                onClick={() =>
                  void attempt(async () => setLink(await send<Linked>(`/api/v1/users/${user.id}/link`, {})))
                }
              >
                {desk.newLink}
              </Button>
            ) : admin ? (
              <Button
                size="xs"
                variant="default"
                onClick={() =>
                  window.confirm(desk.sureLeave(user.email)) &&
                  void attempt(() => send(`/api/v1/users/${user.id}/leave`, { said: desk.saved }))
                }
              >
                {desk.leave}
              </Button>
            ) : null}
          </li>
        ))}
      </ul>
      {link ? <Once title={desk.linkFor(link.user.email)} text={link.link} /> : null}
      {trouble}
      {admin ? (
        <Form submit={() => void add()}>
          <TextInput
            label={desk.email}
            type="email"
            required
            value={email}
            onChange={(e) => setEmail(e.currentTarget.value)}
          />
          <TextInput label={desk.fields.name} value={name} onChange={(e) => setName(e.currentTarget.value)} />
          <Button type="submit">{desk.invite}</Button>
        </Form>
      ) : null}
    </Section>
  );
}
