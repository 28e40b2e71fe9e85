import { Button, NativeSelect, TextInput } from "@mantine/core";
import { useState } from "react";
import type { WorkspaceView } from "../api/api";
import { useSend } from "../api/query";
import { useTry } from "../look/attempt";
import { Section } from "../look/screen";
import { useHere } from "../shell/session";
import { useSaid } from "../words/catalogue";
import { useTongue } from "../words/words";
import { Form } from "./asking";
import { countries } from "./countries";
import { languages } from "./language";
import styles from "./settings.module.css";
import { Tracking } from "./tracking";
import { said } from "./words";
import { zones } from "./zone";

const currencies = Intl.supportedValuesOf("currency");

// Workspace is what holds for everybody here.
export function Workspace() {
  const { workspace } = useHere();
  return (
    <>
      <Edit key={JSON.stringify(workspace)} stored={workspace} />
      <Tracking />
    </>
  );
}

function Edit({ stored }: { stored: WorkspaceView }) {
  const { tag, words } = useTongue();
  const { desk } = words;
  const mine = useSaid(said);
  const send = useSend();
  const [trouble, attempt] = useTry();
  const [draft, set] = useState(() => bodyOf(stored));
  const text = (key: keyof typeof draft, label: string, hint?: string) => (
    <TextInput
      label={label}
      description={hint}
      inputWrapperOrder={["label", "input", "description", "error"]}
      value={draft[key]}
      onChange={(event) => set({ ...draft, [key]: event.currentTarget.value })}
    />
  );
  const save = async () => {
    const own_domains = draft.own_domains.split(/[\s,;]+/).filter(Boolean);
    const { country, ...rest } = draft;
    const body = { ...rest, own_domains, ...(country !== (stored.country ?? "") && { country }) };
    await attempt(() => send("/api/v1/workspace", { method: "PATCH", body, said: desk.saved }));
  };
  return (
    <Section title={desk.tabs.workspace ?? ""}>
      {trouble}
      <Form submit={() => void save()}>
        {text("name", desk.fields.name ?? "")}
        {text("own_domains", mine.ownDomains, mine.ownDomainsText)}
        <NativeSelect
          label={desk.fields.currency}
          value={draft.currency}
          data={currencies}
          onChange={(event) => set({ ...draft, currency: event.currentTarget.value })}
        />
        <NativeSelect
          label={mine.zone}
          value={draft.zone}
          data={[...new Set(["UTC", draft.zone, ...zones])]}
          onChange={(event) => set({ ...draft, zone: event.currentTarget.value })}
        />
        <NativeSelect
          label={mine.country}
          description={mine.countryText}
          inputWrapperOrder={["label", "input", "description", "error"]}
          value={draft.country}
          data={[{ value: "", label: mine.nowhere }, ...countries(tag)]}
          onChange={(event) => set({ ...draft, country: event.currentTarget.value })}
        />
        <NativeSelect
          label={mine.theirLanguage}
          value={draft.locale}
          data={languages}
          onChange={(event) => set({ ...draft, locale: event.currentTarget.value })}
        />
        <Button type="submit">{desk.save}</Button>
      </Form>
      <p className={styles.note}>{mine.notUndone}</p>
    </Section>
  );
}

const bodyOf = ({ name, own_domains, currency, zone, country, locale }: WorkspaceView) => ({
  name,
  own_domains: (own_domains ?? []).join(", "),
  currency,
  zone,
  country: country ?? "",
  locale,
});
