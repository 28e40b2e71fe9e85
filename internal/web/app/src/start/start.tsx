import { useSearch } from "@tanstack/react-router";
import type { MailboxView } from "../api/api";
import { useSend } from "../api/query";
import { Command } from "../look/empty";
import { Anchor } from "../look/link";
import { Screen } from "../look/screen";
import { Connect } from "../mailbox/connect";
import { MailboxCard } from "../mailbox/mailbox";
import { ownDomain } from "../mailbox/providers";
import { boxesOf, sumOf } from "../mailbox/sum";
import { said as mailboxSaid } from "../mailbox/words";
import { go } from "../route";
import { useHere } from "../shell/session";
import { useSaid } from "../words/catalogue";
import { First } from "./first";
import { Met } from "./met";
import styles from "./start.module.css";
import { Step } from "./step";
import { said } from "./words";

// Start are the first minutes: a mailbox, its newest mail, the people in it, and
// a timeline that says of each line why it is there.
export function Start() {
  const { workspace, watched } = useHere();
  const { trouble } = useSearch({ strict: false }) as { trouble?: string };
  const its = useSaid(said);
  const mailboxes = useSaid(mailboxSaid);
  const boxes = watched.mailboxes ?? [];
  const stored = sumOf(boxesOf(boxes)).stored;
  const connected = boxes.length > 0;
  if (!watched.mailboxes) return null;
  return (
    <Screen
      title={its.welcome(workspace.name)}
      tools={
        connected ? (
          <>
            <Anchor href="/inbox">{its.toInbox}</Anchor>
            <Anchor href="/">{its.toDay}</Anchor>
          </>
        ) : null
      }
    >
      <p className={styles.lead}>{its.lead}</p>
      <ol className={styles.steps}>
        <Step title={its.steps.connect} done={connected}>
          {trouble ? <p role="alert">{mailboxes.googleTrouble}</p> : null}
          {connected ? <Connected /> : <Door />}
        </Step>
        <Step title={its.steps.sync} done={stored > 0} waits={connected ? "" : its.syncWaits}>
          {boxes.map((box) => (
            <MailboxCard key={box.id} mailbox={box} />
          ))}
          <p>{its.syncText}</p>
        </Step>
        <Met stored={stored} />
        <First stored={stored} />
      </ol>
    </Screen>
  );
}

// Door connects the first mailbox. Where nobody has said yet whose mail is
// internal, that of its domain is.
function Door() {
  const its = useSaid(said);
  const { workspace } = useHere();
  const send = useSend();
  const connected = async ({ address }: MailboxView) => {
    const own = ownDomain(address);
    go("/start", { replace: true });
    if (own && !workspace.own_domains?.length) {
      const body = { own_domains: [own] };
      await send("/api/v1/workspace", { method: "PATCH", body }).catch(() => {}); // who is no admin has no say in it
    }
  };
  return (
    <>
      <Connect done={(mailbox) => void connected(mailbox)} />
      <p className={styles.demo}>{its.demo}</p>
      <Command line="threadline demo --open" />
    </>
  );
}

function Connected() {
  const its = useSaid(said);
  const { watched, workspace } = useHere();
  const own = workspace.own_domains?.join(", ");
  return (
    <p>
      {watched.mailboxes?.map((box) => box.address).join(", ")}
      {own ? ` – ${its.internal(own)} ` : null}
      {own ? <Anchor href="/settings/workspace">{its.change}</Anchor> : null}
    </p>
  );
}
