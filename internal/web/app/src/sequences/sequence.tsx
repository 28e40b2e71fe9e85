import { Button, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useState } from "react";
import type { SequenceEnrolled, SequenceResults, SequenceView } from "../api/api";
import { call } from "../api/client";
import { useGet, usePages, useSend } from "../api/query";
import styles from "../campaigns/campaigns.module.css";
import { reasonOf } from "../campaigns/ledger";
import { said as campaignsSaid } from "../campaigns/words";
import { useTry } from "../look/attempt";
import { KindChip } from "../look/badge";
import { Anchor } from "../look/link";
import { Quiet, Screen, Section } from "../look/screen";
import { Trouble } from "../look/trouble";
import { shortWhen } from "../look/when";
import { hrefOfRecord } from "../record/folders";
import { useNames } from "../record/names";
import { Results } from "../results/results";
import { useSaid } from "../words/catalogue";
import { useTongue } from "../words/words";
import { Editor } from "./editor";
import own from "./sequences.module.css";
import { said } from "./words";

// Sequence is one: whether it sends, its steps, who is in it, what came of it.
export function Sequence() {
  const { id = "" } = useParams({ strict: false }) as { id?: string };
  const { desk } = useTongue().words;
  const path = `/api/v1/sequences/${id}`;
  const { data, error, refetch } = useGet<SequenceView>(path);
  const came = useQuery({
    queryKey: [`${path}/results`],
    queryFn: ({ signal }) => call<SequenceResults>(`${path}/results`, { signal }),
    refetchInterval: data?.status === "active" ? 5000 : false,
  }).data;
  const sent = came && Object.values(came.recipients).some((n) => n > 0);
  return (
    <Screen title={data?.name ?? desk.sequences}>
      {error ? <Trouble cause={error} onRetry={() => void refetch()} /> : null}
      {data ? (
        <>
          <Standing of={data} />
          {sent ? <Results of={came} track={data.track} /> : null}
          <Enrol of={data} />
          <People of={data} />
        </>
      ) : null}
    </Screen>
  );
}

function Standing({ of }: { of: SequenceView }) {
  const its = useSaid(said);
  const campaigns = useSaid(campaignsSaid);
  const send = useSend();
  const [trouble, attempt] = useTry();
  const [editing, setEditing] = useState(false);
  const act = (what: string) => void attempt(() => send(`/api/v1/sequences/${of.id}/${what}`, {}));
  if (editing) return <Editor key={of.version} stored={of} done={() => setEditing(false)} />;
  return (
    <Section title={its.statuses[of.status] ?? of.status}>
      <ol className={own.flow}>
        {(of.steps ?? []).map((step, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a step is its place
          <li key={i}>
            <strong>{its.step(i + 1)}</strong>
            <span>{step.letter?.name ?? step.template}</span>
            <span className={styles.faint}>
              {its.wait}: {step.wait ?? 0}
            </span>
            {step.new ? <span className={styles.faint}>{its.fresh}</span> : null}
            {step.if ? <code>{step.if}</code> : null}
          </li>
        ))}
      </ol>
      <div className={styles.standing}>
        {of.why ? <p className={styles.fault}>{of.why}</p> : null}
        {of.status === "draft" ? <p className={styles.faint}>{its.draftText}</p> : null}
        {trouble}
        <div className={styles.pair}>
          {of.status === "active" ? <Button onClick={() => act("pause")}>{campaigns.pause}</Button> : null}
          {of.status === "draft" ? <Button onClick={() => act("start")}>{its.begin}</Button> : null}
          {of.status === "paused" ? <Button onClick={() => act("start")}>{its.goOn}</Button> : null}
          <Button variant="default" onClick={() => setEditing(true)}>
            {its.edit}
          </Button>
        </div>
      </div>
    </Section>
  );
}

function Enrol({ of }: { of: SequenceView }) {
  const its = useSaid(said);
  const send = useSend();
  const [trouble, attempt] = useTry();
  const [audience, setAudience] = useState("");
  const put = async () => {
    const body = { audience };
    if (await attempt(() => send(`/api/v1/sequences/${of.id}/enrol`, { body, said: its.enrolled }))) setAudience("");
  };
  return (
    <Section title={its.enrol}>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          void put();
        }}
      >
        <TextInput
          label={its.audience}
          description={its.enrolText}
          placeholder="contacts where …"
          required
          spellCheck={false}
          value={audience}
          onChange={(e) => setAudience(e.currentTarget.value)}
        />
        {trouble}
        <Button type="submit">{its.enrol}</Button>
      </form>
    </Section>
  );
}

function People({ of }: { of: SequenceView }) {
  const its = useSaid(said);
  const { desk } = useTongue().words;
  const asked = usePages<SequenceEnrolled>(`/api/v1/sequences/${of.id}/enrolments`, 100);
  const people = asked.items ?? [];
  const names = useNames(people.map((one) => one.contact));
  return (
    <Section title={its.people} count={people.length}>
      {asked.items?.length === 0 ? <Quiet>{its.nobody}</Quiet> : null}
      <ul className={styles.list}>
        {people.map((one) => (
          <Person key={one.id} one={one} of={of} name={names[one.contact] ?? "…"} />
        ))}
      </ul>
      {asked.hasNextPage ? (
        <button type="button" className={styles.more} onClick={() => void asked.fetchNextPage()}>
          {desk.older}
        </button>
      ) : null}
    </Section>
  );
}

function Person({ one, of, name }: { one: SequenceEnrolled; of: SequenceView; name: string }) {
  const its = useSaid(said);
  const campaigns = useSaid(campaignsSaid);
  const { tag, words } = useTongue();
  const send = useSend();
  const [trouble, attempt] = useTry();
  const act = (what: string) =>
    void attempt(() => send(`/api/v1/enrolments/${one.id}/${what}`, { said: words.desk.saved }));
  return (
    <li>
      <Anchor href={hrefOfRecord(one.contact)}>
        <KindChip kind="contact" name={name} />
      </Anchor>
      <span className={styles.state} data-state={one.state === "active" ? "sending" : one.state}>
        {its.states[one.state] ?? one.state}
      </span>
      <span className={styles.faint}>
        {its.at(Math.min(one.step ?? 0, of.steps?.length ?? 0), of.steps?.length ?? 0)}
        {one.reason ? ` · ${reasonOf(one.reason, campaigns.reasons)}` : ""}
        {one.due && one.state === "active" ? ` · ${its.due(shortWhen(one.due, tag, new Date()))}` : ""}
      </span>
      {one.state === "active" ? (
        <Button size="xs" variant="default" onClick={() => act("pause")}>
          {words.desk.pause}
        </Button>
      ) : null}
      {one.state === "paused" ? (
        <Button size="xs" variant="default" onClick={() => act("resume")}>
          {words.desk.resume}
        </Button>
      ) : null}
      {["active", "paused"].includes(one.state) ? (
        <Button size="xs" variant="default" onClick={() => act("leave")}>
          {its.takeOut}
        </Button>
      ) : null}
      {trouble}
    </li>
  );
}
