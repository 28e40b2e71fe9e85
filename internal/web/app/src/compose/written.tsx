import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { DraftView } from "../api/api";
import { call, Refused } from "../api/client";
import { useDrafts } from "../look/draft";
import { Empty } from "../look/empty";
import { useTitle } from "../look/page";
import { Trouble } from "../look/trouble";
import { go } from "../route";
import { useHere } from "../shell/session";
import { useSaid } from "../words/catalogue";
import { Composer, NoMailbox, useOwnMailboxes } from "./composer";
import { place } from "./keeper";
import { blank, type Letter, ofDraft, worthKeeping } from "./letter";
import { draftsPath, hrefOfDraft } from "./places";
import { said } from "./words";

const toDrafts = () => go("/inbox?list=drafts");
const toOutgoing = () => go("/inbox?list=outgoing");

// Written is the draft that an address names, or a new mail. A new one gets an
// address of its own once the server has it.
export default function Written({ draft, to }: { draft: string; to: string }) {
  const its = useSaid(said);
  const { signature, formatted } = useHere();
  const boxes = useOwnMailboxes();
  const [fresh, setFresh] = useState({ round: 0, born: "", seen: false });
  useTitle(its.title);
  if (fresh.born && draft === fresh.born && !fresh.seen) setFresh({ ...fresh, seen: true });
  if (fresh.seen && draft !== fresh.born) setFresh({ round: fresh.round + 1, born: "", seen: false });
  if (!boxes) return null;
  const box = boxes[0]?.id;
  if (!box) return <NoMailbox />;
  if (draft !== "new" && draft !== fresh.born) return <Kept key={draft} id={draft} />;
  const first = () => ({ ...blank(box, signature, formatted), to: to ? [to] : [] });
  const born = (id: string) => {
    setFresh({ ...fresh, born: id });
    go(hrefOfDraft(id, to), { replace: true });
  };
  return (
    <Composer
      key={`${fresh.round} ${to}`}
      slot={`new${to}`}
      first={first}
      title={its.title}
      close={toDrafts}
      sent={toOutgoing}
      born={born}
    />
  );
}

// Kept is a draft of the server; what this machine has of it is newer.
function Kept({ id }: { id: string }) {
  const its = useSaid(said);
  const drafts = useDrafts();
  const [first, setFirst] = useState(() => {
    const here = drafts.read<Letter>(place(id));
    return here && worthKeeping(here) ? here : undefined;
  });
  const path = `${draftsPath}/${encodeURIComponent(id)}`;
  const { data, error, refetch } = useOnce<DraftView>(path, first === undefined);
  if (!first && data) setFirst(ofDraft(data));
  if (!first && error) {
    const gone = error instanceof Refused && error.problem.status === 404;
    if (gone) return <Empty title={its.lost} text={its.lostText} />;
    return <Trouble cause={error} onRetry={() => void refetch()} />;
  }
  if (!first) return null;
  const title = first.reply ? its.replyTitle : its.title;
  const born = (apart: string) => go(hrefOfDraft(apart), { replace: true });
  return <Composer slot={id} first={() => first} title={title} close={toDrafts} sent={toOutgoing} born={born} />;
}

// useOnce asks for what is then gone on with here: no answer is kept for another
// time, and none is asked for again.
export function useOnce<T>(path: string, wanted: boolean) {
  return useQuery({
    queryKey: [path, "once"],
    queryFn: ({ signal }) => call<T>(path, { signal }),
    enabled: wanted,
    gcTime: 0,
    refetchOnWindowFocus: false,
  });
}
