import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { DraftView, OutgoingView } from "../api/api";
import { call } from "../api/client";
import type { Message } from "../api/types";
import { useDrafts } from "../look/draft";
import { Trouble } from "../look/trouble";
import { longWhen } from "../look/when";
import { nameOfPerson } from "../mail/names";
import { useHere } from "../shell/session";
import { useSaid } from "../words/catalogue";
import { useTongue } from "../words/words";
import { Composer, NoMailbox, useOwnMailboxes } from "./composer";
import { place } from "./keeper";
import { addressee, answering, type Letter, ofDraft, worthKeeping } from "./letter";
import { Sent } from "./lists";
import { draftsPath } from "./places";
import { said } from "./words";
import { useOnce } from "./written";

interface Props {
  message: Message;
  all: boolean;
  begun: string; // the draft that answers it already
  close: () => void;
}

// Reply answers a mail below it. An answer that was begun before is gone on with;
// once it is sent, what becomes of it stands in its place.
export default function Reply({ message, all, begun, close }: Props) {
  const its = useSaid(said);
  const { tag, words } = useTongue();
  const { signature, formatted } = useHere();
  const boxes = useOwnMailboxes();
  const drafts = useDrafts();
  const [sent, setSent] = useState("");
  const [slot] = useState(begun || `reply-${message.id}`);
  const [here] = useState(() => {
    const letter = drafts.read<Letter>(place(slot));
    return letter !== undefined && worthKeeping(letter);
  });
  const old = slot === begun && !here;
  const { data, error, refetch } = useOnce<DraftView>(`${draftsPath}/${begun}`, old);
  if (sent) return <Outcome id={sent} />;
  if (old && error) return <Trouble cause={error} onRetry={() => void refetch()} />;
  if (!boxes || (old && !data)) return null;
  const { box, from } = addressee(message, boxes);
  if (!box) return <NoMailbox />;
  const wrote = its.wrote(longWhen(message.date, tag), nameOfPerson(message.from) || words.nobody);
  const own = boxes.flatMap(({ address, aliases }) => [address, ...(aliases ?? [])]);
  const first = () =>
    data ? ofDraft(data) : answering({ message, all, own, mailbox: box.id, from, signature, formatted, wrote });
  return <Composer slot={slot} first={first} title={its.replyTitle} close={close} sent={setSent} />;
}

const under = ["queued", "sending"];

// Outcome is a mail that was just sent, until it is known what became of it.
export function Outcome({ id }: { id: string }) {
  const { data } = useQuery({
    queryKey: ["outcome", id],
    queryFn: ({ signal }) => call<OutgoingView>(`/api/v1/outgoing/${id}`, { signal }),
    refetchInterval: (query) => (under.includes(query.state.data?.state ?? "queued") ? 1000 : false),
  });
  return <div role="status">{data ? <Sent of={data} /> : null}</div>;
}
