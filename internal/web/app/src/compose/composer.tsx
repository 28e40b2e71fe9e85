import { Button } from "@mantine/core";
import { type DragEvent, type KeyboardEvent, useEffect, useRef, useState } from "react";
import { useTry } from "../look/attempt";
import { Anchor } from "../look/link";
import { Sign } from "../look/sign";
import { reasonFor } from "../look/trouble";
import { useHere } from "../shell/session";
import { useUndo } from "../shell/undo";
import { useSaid } from "../words/catalogue";
import { useWords } from "../words/words";
import styles from "./compose.module.css";
import { Attach, Files, Small } from "./files";
import type { Keeper } from "./keeper";
import { type Letter, type Role, toNobody, withFile } from "./letter";
import { Parted } from "./parted";
import { People } from "./people";
import type { Pen } from "./rich";
import { TemplateTool } from "./template_tool";
import { asChosen, Format, Text } from "./text";
import { Tracking } from "./tracking";
import { useUploads } from "./upload";
import { useKeeper, useLetter, useStanding } from "./use_letter";
import { said } from "./words";

interface Props {
  slot: string;
  first: () => Letter;
  title: string;
  close: () => void; // nobody looks at it any more
  sent: (id: string) => void;
  born?: (id: string) => void; // the server has it
}

// useOwnMailboxes are those that one may send from; null until they are known.
export function useOwnMailboxes() {
  const { user, watched } = useHere();
  return watched.mailboxes?.filter(({ owner }) => !owner || owner === user.id) ?? null;
}

// Composer writes one mail. It is kept with every key, and among the drafts a
// moment later; Ctrl-Enter sends it, Escape closes it.
export function Composer({ slot, first, title, close, sent, born }: Props) {
  const its = useSaid(said);
  const keeper = useKeeper(slot, () => asChosen(first()));
  const letter = useLetter(keeper);
  const [trouble, attempt] = useTry();
  const [busy, setBusy] = useState(false);
  const [asked, setAsked] = useState(false); // to be sent
  const [over, setOver] = useState(false);
  const uploads = useUploads(letter.files, (file) => keeper.set({ files: withFile(keeper.letter.files, file) }));
  const waiting = uploads.list.length > 0;
  const pen = useRef<Pen>(null);
  const told = useRef(letter.id);
  useEffect(() => {
    if (!letter.id || letter.id === told.current) return;
    told.current = letter.id;
    born?.(letter.id);
  }, [letter.id, born]);
  const send = async () => {
    setAsked(true);
    if (busy || waiting || toNobody(keeper.letter)) return;
    setBusy(true);
    const ok = await attempt(async () => sent(await keeper.send()));
    if (!ok) setBusy(false);
  };
  const keys = (event: KeyboardEvent) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) void send();
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
  };
  const drag = (event: DragEvent, now: boolean) => {
    if (!event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    setOver(now);
  };
  return (
    // Files are dropped on all of it, keys work in all of it.
    <section
      className={styles.composer}
      aria-label={title}
      data-over={over}
      onKeyDown={keys}
      onDragOver={(event) => drag(event, true)}
      onDragLeave={(event) => drag(event, false)}
      onDrop={(event) => {
        drag(event, false);
        uploads.add([...event.dataTransfer.files]);
      }}
    >
      <header className={styles.head}>
        <h2>{title}</h2>
        <Small sign="close" label={its.close} act={close} />
      </header>
      <Head keeper={keeper} letter={letter} />
      <Parted keeper={keeper} />
      <Text keeper={keeper} letter={letter} pen={pen} paste={uploads.add} />
      <Below keeper={keeper} letter={letter} />
      <Files
        files={letter.files}
        uploads={uploads}
        remove={(file) => keeper.set({ files: keeper.letter.files.filter((one) => one !== file) })}
      />
      {asked && toNobody(letter) ? (
        <p className={styles.fault} role="alert">
          {its.toNobody}
        </p>
      ) : null}
      {trouble}
      <footer className={styles.foot}>
        <Button size="sm" loading={busy} disabled={waiting} title={its.sendKeys} onClick={() => void send()}>
          {its.send}
        </Button>
        <Attach files={letter.files} uploads={uploads} />
        <Format keeper={keeper} letter={letter} />
        <TemplateTool keeper={keeper} letter={letter} pen={pen} />
        <Tracking keeper={keeper} letter={letter} />
        {waiting ? <span className={styles.size}>{its.filesWait}</span> : null}
        <State keeper={keeper} />
        <Discard keeper={keeper} close={close} />
      </footer>
      {over ? <p className={styles.over}>{its.drop}</p> : null}
    </section>
  );
}

export interface Part {
  keeper: Keeper;
  letter: Letter;
}

function Head({ keeper, letter }: Part) {
  const its = useSaid(said);
  const [more, setMore] = useState(letter.cc.length + letter.bcc.length > 0);
  const list = (role: Role) => (
    <People
      key={role}
      label={its[role]}
      list={letter[role]}
      half={letter.half[role]}
      autoFocus={role === "to" && letter.to.length === 0}
      set={(addresses, half) => {
        const halves = { ...keeper.letter.half, [role]: half };
        if (addresses === keeper.letter[role]) keeper.half(halves);
        else keeper.set({ [role]: addresses, half: halves });
      }}
    />
  );
  return (
    <div className={styles.fields}>
      <From keeper={keeper} letter={letter} />
      <div className={styles.first}>
        {list("to")}
        {more ? null : (
          <button type="button" className={styles.link} onClick={() => setMore(true)}>
            {its.more}
          </button>
        )}
      </div>
      {more ? [list("cc"), list("bcc")] : null}
      <label className={styles.row}>
        <span>{its.subject}</span>
        <input
          type="text"
          maxLength={2000}
          value={letter.subject}
          onChange={(event) => keeper.set({ subject: event.currentTarget.value })}
        />
      </label>
    </div>
  );
}

// From is the address that a letter comes from: one of its mailbox once it is among
// the drafts there.
function From({ keeper, letter }: Part) {
  const its = useSaid(said);
  const boxes = useOwnMailboxes() ?? [];
  const may = letter.id ? boxes.filter(({ id }) => id === letter.mailbox) : boxes;
  const all = may.flatMap(({ id, address, aliases }) => [address, ...(aliases ?? [])].map((from) => ({ id, from })));
  if (all.length < 2 && boxes.length < 2) return null;
  const own = boxes.find(({ id }) => id === letter.mailbox)?.address ?? "";
  return (
    <label className={styles.row}>
      <span>{its.from}</span>
      <select
        value={`${letter.mailbox} ${letter.from || own}`}
        onChange={(event) => {
          const [mailbox = "", from = ""] = event.currentTarget.value.split(" ");
          keeper.set({ mailbox, from });
        }}
      >
        {all.map(({ id, from }) => (
          <option key={`${id} ${from}`} value={`${id} ${from}`}>
            {from}
          </option>
        ))}
      </select>
    </label>
  );
}

// Below says that the mail which is answered or passed on stands below, and lets it
// be left off.
function Below({ keeper, letter }: Part) {
  const its = useSaid(said);
  if (letter.head.length === 0 || (!letter.quote && letter.html === "")) return null;
  return (
    <label className={styles.check}>
      <input
        type="checkbox"
        checked={letter.quote}
        onChange={(event) => keeper.set({ quote: event.currentTarget.checked })}
      />
      {letter.forward ? its.passedBelow : its.quotedBelow}
    </label>
  );
}

// State says where the words are: nothing typed is ever in one place alone for
// longer than a moment without being told.
function State({ keeper }: { keeper: Keeper }) {
  const its = useSaid(said);
  const words = useWords();
  const { state, cause, said: told, gone } = useStanding(keeper);
  if (state === "parted") return null;
  const line = { still: "", typed: its.typed, saving: its.saving, saved: its.saved, waits: its.waits }[
    state as Exclude<typeof state, "refused">
  ];
  return (
    <p className={styles.state} role="status" data-state={state}>
      {state === "refused" ? reasonFor(cause, words) : line}
      {gone ? <span>{its.gone}</span> : null}
      {told && state === "saved" ? <span>{told}</span> : null}
    </p>
  );
}

// Discard asks once more where something is written: it cannot be taken back.
function Discard({ keeper, close }: { keeper: Keeper; close: () => void }) {
  const its = useSaid(said);
  const undo = useUndo();
  const [sure, setSure] = useState(false);
  const [trouble, attempt] = useTry();
  const drop = async () => {
    const { letter } = keeper;
    if (!sure && (letter.id || letter.dirty)) return setSure(true);
    if (!(await attempt(keeper.drop))) return;
    if (letter.id) undo.offer(its.discarded);
    close();
  };
  return (
    <>
      <button
        type="button"
        className={styles.tool}
        data-sure={sure}
        aria-label={sure ? its.discardSure : its.discard}
        title={its.discard}
        onBlur={() => setSure(false)}
        onClick={() => void drop()}
      >
        <Sign name="trash" />
        {sure ? its.discardSure : null}
      </button>
      {trouble}
    </>
  );
}

// NoMailbox stands where nothing can be sent from.
export function NoMailbox() {
  const its = useSaid(said);
  return (
    <div className={styles.composer}>
      <div className={styles.head}>
        <h2>{its.noMailboxTitle}</h2>
      </div>
      <p className={styles.note}>
        {its.noMailboxText} <Anchor href="/start">{its.connect}</Anchor>
      </p>
    </div>
  );
}
