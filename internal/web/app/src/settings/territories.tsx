import { Button, NativeSelect, Textarea, TextInput } from "@mantine/core";
import { useState } from "react";
import type { CrmTerritory, ItemsTerritory } from "../api/api";
import { useGet, useSend } from "../api/query";
import { useTry } from "../look/attempt";
import { Quiet, Section } from "../look/screen";
import { useUsers } from "../record/folders";
import { useSaid } from "../words/catalogue";
import { useTongue } from "../words/words";
import { Form } from "./asking";
import { keyOf } from "./fields";
import styles from "./settings.module.css";
import { said } from "./words";

const nothing = { key: "", name: "", manager: "", rules: "" };

// Territories are parts of the market, told by queries: whose they are sees what
// lies in them.
export function Territories() {
  const { desk } = useTongue().words;
  const mine = useSaid(said);
  const send = useSend();
  const users = useUsers();
  const [trouble, attempt] = useTry();
  const [draft, setDraft] = useState(nothing);
  const list = useGet<ItemsTerritory>("/api/v1/territories").data?.items ?? [];
  const edit = ({ key, name, manager = "", rules }: CrmTerritory) =>
    setDraft({ key, name, manager, rules: (rules ?? []).join("\n") });
  const save = async () => {
    const { key, name, manager, rules } = draft;
    const stored = list.find((one) => one.key === key);
    const body = {
      name,
      rules: rules.split("\n").filter((rule) => rule.trim()),
      members: stored?.members ?? [],
      ...(manager ? { manager } : {}),
      ...(stored?.parent ? { parent: stored.parent } : {}),
    };
    const path = `/api/v1/territories/${key || keyOf(name)}`;
    if (await attempt(() => send(path, { method: "PUT", body, said: desk.saved }))) setDraft(nothing);
  };
  return (
    <Section title={mine.territories} count={list.length}>
      {list.length === 0 ? <Quiet>{mine.territoriesText}</Quiet> : null}
      <ul className={styles.list}>
        {list.map((one) => (
          <li key={one.key}>
            <span>
              <strong>{one.name}</strong> <span className={styles.faint}>{(one.rules ?? []).join(" · ")}</span>
            </span>
            <span className={styles.faint}>{users[one.manager ?? ""]}</span>
            <Button size="xs" variant="default" onClick={() => edit(one)}>
              {mine.change}
            </Button>
            <Button
              size="xs"
              variant="default"
              onClick={() =>
                void attempt(() => send(`/api/v1/territories/${one.key}`, { method: "DELETE", said: desk.removed }))
              }
            >
              {desk.remove}
            </Button>
          </li>
        ))}
      </ul>
      {trouble}
      <Form submit={() => void save()}>
        <TextInput
          label={mine.newTerritory}
          required
          value={draft.name}
          onChange={(e) => setDraft({ ...draft, name: e.currentTarget.value })}
        />
        <Textarea
          label={mine.rules}
          placeholder={'companies where name ~ "sp. z o.o."'}
          rows={2}
          value={draft.rules}
          onChange={(e) => setDraft({ ...draft, rules: e.currentTarget.value })}
        />
        <NativeSelect
          label={mine.manager}
          value={draft.manager}
          data={[{ value: "", label: "–" }, ...Object.entries(users).map(([value, label]) => ({ value, label }))]}
          onChange={(e) => setDraft({ ...draft, manager: e.currentTarget.value })}
        />
        <Button type="submit">{desk.save}</Button>
      </Form>
    </Section>
  );
}
