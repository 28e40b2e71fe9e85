import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useState } from "react";
import type { CampaignResults, CampaignView } from "../api/api";
import { call } from "../api/client";
import { useSend } from "../api/query";
import { useTry } from "../look/attempt";
import { Screen, Section } from "../look/screen";
import { Trouble } from "../look/trouble";
import { amount } from "../look/when";
import { Results } from "../results/results";
import { said as resultsSaid } from "../results/words";
import { useSaid } from "../words/catalogue";
import { useTongue } from "../words/words";
import styles from "./campaigns.module.css";
import { Checks } from "./checks";
import { said as ofChecks } from "./checks_words";
import { Ledger } from "./ledger";
import { said } from "./words";

const often = 1000;

// Campaign is one: what comes next, how far it is, and its ledger.
export function Campaign() {
  const { id = "" } = useParams({ strict: false }) as { id?: string };
  const mine = useSaid(said);
  const path = `/api/v1/campaigns/${id}`;
  const { data, error, refetch } = useQuery({
    queryKey: [path],
    queryFn: ({ signal }) => call<CampaignView>(path, { signal }),
    refetchInterval: ({ state }) => (state.data && moves(state.data) ? often : false),
  });
  return (
    <Screen title={data?.name ?? mine.title}>
      {error ? <Trouble cause={error} onRetry={() => void refetch()} /> : null}
      {data ? (
        <>
          <Standing of={data} />
          {data.status === "ready" ? <Checks of={data} /> : null}
          {began(data) ? <Came of={data} /> : null}
          {(data.recipients?.unknown ?? 0) > 0 ? <Doubt of={data} /> : null}
          {total(data) > 0 ? <Ledger of={data} /> : null}
        </>
      ) : null}
    </Screen>
  );
}

// moves tells whether it goes on by itself: it sends, or writes people down.
const moves = (of: CampaignView) => of.status === "sending" || (of.status === "draft" && of.prepared !== undefined);

const total = ({ recipients }: CampaignView) => Object.values(recipients ?? {}).reduce((sum, n) => sum + n, 0);

// began tells whether it was ever let send.
const began = ({ status }: CampaignView) => !["draft", "ready"].includes(status);

// Came is what came back, asked anew as long as it goes on.
function Came({ of }: { of: CampaignView }) {
  const its = useSaid(resultsSaid);
  const send = useSend();
  const [trouble, attempt] = useTry();
  const path = `/api/v1/campaigns/${of.id}/results`;
  const { data } = useQuery({
    queryKey: [path],
    queryFn: ({ signal }) => call<CampaignResults>(path, { signal }),
    refetchInterval: of.status === "sending" ? 2 * often : false,
  });
  const failed = of.recipients?.failed ?? 0;
  if (!data) return null;
  return (
    <>
      <Results of={data} track={of.track} />
      {failed > 0 ? (
        <div className={styles.again}>
          <Button
            variant="default"
            onClick={() => void attempt(() => send(`/api/v1/campaigns/${of.id}/retry`, { said: its.retried }))}
          >
            {its.retry(failed)}
          </Button>
          <span className={styles.faint}>{its.retryText}</span>
          {trouble}
        </div>
      ) : null}
    </>
  );
}

// Doubt asks what becomes of those of whom nobody knows whether they got it.
function Doubt({ of }: { of: CampaignView }) {
  const mine = useSaid(said);
  const send = useSend();
  const [trouble, attempt] = useTry();
  const n = of.recipients?.unknown ?? 0;
  const settle = (again: boolean) =>
    void attempt(() => send(`/api/v1/campaigns/${of.id}/unknown`, { body: { send: again }, said: mine.settled }));
  return (
    <Section title={mine.doubt(n)}>
      <div className={styles.standing}>
        <p className={styles.faint}>{mine.doubtText}</p>
        {trouble}
        <div className={styles.pair}>
          {of.status !== "cancelled" ? (
            <Button variant="default" onClick={() => window.confirm(mine.sureSend(n)) && settle(true)}>
              {mine.doubtSend}
            </Button>
          ) : null}
          <Button variant="default" onClick={() => settle(false)}>
            {mine.doubtSent}
          </Button>
        </div>
      </div>
    </Section>
  );
}

function Standing({ of }: { of: CampaignView }) {
  const { tag } = useTongue();
  const mine = useSaid(said);
  const send = useSend();
  const [trouble, attempt] = useTry();
  const before = useSaid(ofChecks);
  const [held, setHeld] = useState(false); // a check refused the start
  const act = (what: string) =>
    void attempt(() => send(`/api/v1/campaigns/${of.id}/${what}`, {})).then((done) =>
      setHeld(!done && what === "start" && of.status === "ready"),
    );
  const sent = of.recipients?.sent ?? 0;
  const wanted = total(of) - (of.recipients?.excluded ?? 0);
  return (
    <Section title={mine.statuses[of.status] ?? of.status}>
      <div className={styles.standing}>
        <code>{of.audience}</code>
        {of.why ? <p className={styles.fault}>{of.why}</p> : null}
        {of.status === "draft" ? <p className={styles.faint}>{mine.draftText}</p> : null}
        {wanted > 0 ? (
          <div role="status">
            <progress className={styles.progress} value={sent} max={wanted} aria-label={mine.states.sent} />
            <p>{mine.sentOf(amount(sent, tag), amount(wanted, tag))}</p>
          </div>
        ) : null}
        {trouble}
        <div className={styles.pair}>
          {of.status === "draft" ? <Button onClick={() => act("prepare")}>{mine.prepare}</Button> : null}
          {of.status === "ready" ? (
            <>
              <Button onClick={() => act("start")}>{mine.start}</Button>
              <Button variant="default" onClick={() => act("prepare")}>
                {mine.prepareAgain}
              </Button>
            </>
          ) : null}
          {held ? (
            <Button variant="default" onClick={() => window.confirm(before.sureAnyway) && act("start?anyway=true")}>
              {before.anyway}
            </Button>
          ) : null}
          {of.status === "sending" ? <Button onClick={() => act("pause")}>{mine.pause}</Button> : null}
          {of.status === "paused" ? <Button onClick={() => act("start")}>{mine.goOn}</Button> : null}
          {["ready", "sending", "paused"].includes(of.status) ? (
            <Button variant="default" onClick={() => window.confirm(mine.sureCancel) && act("cancel")}>
              {mine.cancel}
            </Button>
          ) : null}
        </div>
      </div>
    </Section>
  );
}
