import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { DraftView, FileValue } from "../api/api";
import { call } from "../api/client";
import type { Attachment, Message, Participant } from "../api/types";
import { useDrafts } from "../look/draft";
import { Trouble } from "../look/trouble";
import { longWhen } from "../look/when";
import { useHere } from "../shell/session";
import { useSaid } from "../words/catalogue";
import { useTongue } from "../words/words";
import styles from "./compose.module.css";
import { Composer, NoMailbox, useOwnMailboxes } from "./composer";
import { place } from "./keeper";
import { addressee, forwarding, type Letter, mostBytes, ofDraft, worthKeeping } from "./letter";
import { more } from "./more_words";
import { draftsPath } from "./places";
import { Outcome } from "./reply";
import { useOnce } from "./written";

interface Props {
  message: Message;
  begun: string; // the draft that passes it on already
  close: () => void;
}

// Forward passes a mail on below it, with what is attached to it. What was begun
// before is gone on with.
export default function Forward({ message, begun, close }: Props) {
  const its = useSaid(more);
  const { tag } = useTongue();
  const { signature, formatted } = useHere();
  const boxes = useOwnMailboxes();
  const drafts = useDrafts();
  const [sent, setSent] = useState("");
  const [slot] = useState(begun || `forward-${message.id}`);
  const [here] = useState(() => {
    const letter = drafts.read<Letter>(place(slot));
    return letter !== undefined && worthKeeping(letter);
  });
  const old = slot === begun && !here;
  const { data, error, refetch } = useOnce<DraftView>(`${draftsPath}/${begun}`, old);
  const taken = useTaken(message, !here && !old);
  if (sent) return <Outcome id={sent} />;
  if (old && error) return <Trouble cause={error} onRetry={() => void refetch()} />;
  if (!boxes || (old && !data)) return null;
  if (!taken.data && !here && !old) {
    return (
      <p className={styles.note} role="status">
        {its.taking}
      </p>
    );
  }
  const { box, from } = addressee(message, boxes);
  if (!box) return <NoMailbox />;
  const head = headOf(message, its, longWhen(message.date, tag));
  const { files = [], left = [] } = taken.data ?? {};
  const first = () =>
    data ? ofDraft(data) : forwarding({ message, mailbox: box.id, from, signature, formatted, head, files });
  return (
    <>
      {left.length > 0 ? (
        <p className={styles.left} role="alert">
          {its.notTaken(left.join(", "))}
        </p>
      ) : null}
      <Composer slot={slot} first={first} title={its.forwardTitle} close={close} sent={setSent} />
    </>
  );
}

// useTaken keeps what is attached to a mail as files of ours, one after another;
// left are those that are too large together, or that nobody has any more.
function useTaken(message: Message, wanted: boolean) {
  return useQuery({
    queryKey: ["taken", message.id],
    queryFn: ({ signal }) => take(message.id, message.attachments ?? [], signal),
    enabled: wanted,
    gcTime: 0,
    refetchOnWindowFocus: false,
  });
}

async function take(id: string, attached: readonly Attachment[], signal: AbortSignal) {
  const files: FileValue[] = [];
  const left: string[] = [];
  let room = mostBytes;
  for (const [n, { name, size }] of attached.entries()) {
    const path = `/api/v1/messages/${encodeURIComponent(id)}/attachments/${n}/keep`;
    const kept =
      size > room ? undefined : await call<FileValue>(path, { method: "POST", signal }).catch(() => undefined);
    if (!kept) left.push(name);
    else {
      files.push(kept);
      room -= size;
    }
  }
  return { files, left };
}

type Labels = Record<"forwarded" | "headFrom" | "headDate" | "headSubject" | "headTo" | "headCc", string>;

// headOf is what stands above a mail that is passed on, as other programs write it.
function headOf(message: Message, its: Labels, date: string): string[] {
  const of = (role: string) => (message.participants ?? []).filter((one) => one.role === role).map(named);
  const lines = [
    [its.headFrom, of("from").join(", ")],
    [its.headDate, date],
    [its.headSubject, message.subject ?? ""],
    [its.headTo, of("to").join(", ")],
    [its.headCc, of("cc").join(", ")],
  ];
  const said = lines.flatMap(([label, value]) => (value ? [`${label}: ${value}`] : []));
  return [`---------- ${its.forwarded} ----------`, ...said];
}

const named = ({ name, address }: Participant) => (name?.trim() ? `${name.trim()} <${address}>` : (address ?? ""));
