import { Button, Checkbox, NativeSelect, NumberInput, TextInput } from "@mantine/core";
import { useDeferredValue, useState } from "react";
import type { CampaignView, ItemsMailboxView, ItemsTemplate, QueryMeaning, RecordList } from "../api/api";
import { useGet, useSend, withQuery } from "../api/query";
import { useTry } from "../look/attempt";
import { useDraft } from "../look/draft";
import { Section } from "../look/screen";
import { go } from "../route";
import { useHere } from "../shell/session";
import { useSaid } from "../words/catalogue";
import { useWords } from "../words/words";
import styles from "./campaigns.module.css";
import { Letter } from "./letter";
import { said } from "./words";

const nothing = {
  name: "",
  audience: "contacts",
  template: "",
  mailbox: "",
  days: 0,
  deals: true,
  per_minute: 10,
  per_day: 200,
};

// Composer makes a draft: to whom, what, from where and how fast. It sends
// nothing.
export function Composer() {
  const { desk } = useWords();
  const mine = useSaid(said);
  const { user } = useHere();
  const send = useSend();
  const [trouble, attempt] = useTry();
  const boxes = (useGet<ItemsMailboxView>("/api/v1/mailboxes").data?.items ?? []).filter(
    (box) => box.owner === user.id,
  );
  const templates = useGet<ItemsTemplate>("/api/v1/templates").data?.items ?? [];
  const letters = templates.filter((one) => one.kind === "email");
  const [draft, setDraft, done] = useDraft("campaign", nothing);
  const [writing, setWriting] = useState(false);
  const set = (change: Partial<typeof draft>) => setDraft({ ...draft, ...change });
  const make = () =>
    attempt(async () => {
      const { name, audience, template, days, deals, per_minute, per_day } = draft;
      const body = {
        name,
        audience,
        template,
        mailbox: draft.mailbox || boxes[0]?.id,
        pace: { per_minute, per_day },
        spare: { days, open_deals: deals },
      };
      const made = await send<CampaignView>("/api/v1/campaigns", { body, said: desk.created });
      done();
      go(`/campaigns/${made.id}`);
    });
  return (
    <Section title={mine.make}>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          void make();
        }}
      >
        <TextInput
          label={mine.name}
          required
          value={draft.name}
          onChange={(e) => set({ name: e.currentTarget.value })}
        />
        <Audience query={draft.audience} write={(audience) => set({ audience })} />
        <div className={styles.pair}>
          <NativeSelect
            label={mine.template}
            required
            value={draft.template}
            data={[
              { value: "", label: mine.noTemplate },
              ...letters.map(({ id, name }) => ({ value: id, label: name })),
            ]}
            onChange={(e) => set({ template: e.currentTarget.value })}
          />
          <Button variant="default" onClick={() => setWriting(!writing)}>
            {mine.newTemplate}
          </Button>
        </div>
        <NativeSelect
          label={mine.mailbox}
          value={draft.mailbox || boxes[0]?.id}
          data={boxes.map((box) => ({ value: box.id, label: box.address }))}
          error={boxes.some((box) => box.smtp || box.kind === "gmail") ? null : mine.noMailbox}
          onChange={(e) => set({ mailbox: e.currentTarget.value })}
        />
        <div className={styles.pair}>
          <Count label={mine.perMinute} value={draft.per_minute} set={(per_minute) => set({ per_minute })} />
          <Count label={mine.perDay} value={draft.per_day} set={(per_day) => set({ per_day })} />
          <Count label={mine.spareDays} value={draft.days} set={(days) => set({ days })} />
        </div>
        <Checkbox
          label={mine.spareDeals}
          checked={draft.deals}
          onChange={(e) => set({ deals: e.currentTarget.checked })}
        />
        {trouble}
        <Button type="submit">{desk.create}</Button>
      </form>
      {writing ? (
        <Letter
          done={(template) => {
            set({ template });
            setWriting(false);
          }}
        />
      ) : null}
    </Section>
  );
}

function Count({ label, value, set }: { label: string; value: number; set: (n: number) => void }) {
  return <NumberInput label={label} value={value} min={0} hideControls onChange={(n) => set(+n || 0)} />;
}

// Audience is a query that says what is wrong with it, and whom it finds.
function Audience({ query, write }: { query: string; write: (query: string) => void }) {
  const mine = useSaid(said);
  const asked = useDeferredValue(query.trim());
  const meaning = useGet<QueryMeaning>(asked ? withQuery("/api/v1/query/check", { q: asked }) : "").data;
  const found = useGet<RecordList>(meaning?.ok ? withQuery("/api/v1/contacts", { q: asked, limit: 200 }) : "").data;
  const n = found?.items?.length ?? 0;
  return (
    <TextInput
      label={mine.audience}
      required
      value={query}
      spellCheck={false}
      error={meaning?.error ? [meaning.error.detail, meaning.error.hint].filter(Boolean).join(" – ") : null}
      description={found ? `${mine.reach(n)}${found.next ? " +" : ""}` : null}
      onChange={(e) => write(e.currentTarget.value)}
    />
  );
}
