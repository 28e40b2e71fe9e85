import { type ComponentType, type Ref, type RefObject, useEffect, useImperativeHandle, useRef, useState } from "react";
import { useTry } from "../look/attempt";
import { Sign } from "../look/sign";
import { store, stored } from "../look/stored";
import { useSaid } from "../words/catalogue";
import styles from "./compose.module.css";
import type { Part } from "./composer";
import { lettersIn, placeIn } from "./cursor";
import { isForeign, isFormatted, pageOf } from "./format";
import { LeftOut } from "./left";
import { inForm, inserted, type Letter } from "./letter";
import type { Pen } from "./rich";
import { said as tools } from "./rich_words";
import { said } from "./words";

export type PenRef = RefObject<Pen | null>;

const load = async () => (await import("./rich")).default;
type Rich = Awaited<ReturnType<typeof load>>;

const again = 3000; // ms until what did not come is asked for again

// useRich is the editor of formatted text, once it has come.
export function useRich(wanted: boolean): ComponentType<Parameters<Rich>[0]> | undefined {
  const [rich, setRich] = useState<{ as: Rich }>();
  const [round, setRound] = useState(0);
  useEffect(() => {
    if (!wanted || rich) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let left = false;
    load().then(
      (as) => left || setRich({ as }),
      () => {
        if (!left) timer = setTimeout(() => setRound(round + 1), again);
      },
    );
    return () => {
      left = true;
      clearTimeout(timer);
    };
  }, [wanted, rich, round]);
  return rich?.as;
}

interface Props extends Part {
  pen: PenRef;
  paste: (files: readonly File[]) => void;
}

// Text is what a letter says, plain or formatted. Until the editor of formatted
// text has come, what is written is shown and kept as it is.
export function Text(props: Props) {
  const { keeper, letter, pen, paste } = props;
  const its = useSaid(said);
  const waits = useSaid(tools).waits;
  const formatted = letter.html !== "";
  const Rich = useRich(formatted);
  const [answers] = useState(letter.reply !== "" || letter.forward !== "");
  const cursor = useRef<number | null>(null); // while nobody has been in the text there is none
  if (!formatted) return <Plain {...props} answers={answers} cursor={cursor} />;
  if (!Rich) {
    return (
      <>
        <textarea className={styles.text} aria-label={its.text} rows={10} readOnly value={letter.text} />
        <p className={styles.note} role="status">
          {waits}
        </p>
      </>
    );
  }
  return (
    <>
      <Rich
        label={its.text}
        html={letter.html}
        change={(html, text) => keeper.set({ html, text })}
        paste={paste}
        above={answers}
        pen={pen}
        cursor={cursor}
      />
      <LeftOut html={letter.html} along />
      {isForeign(letter.html) ? <p className={styles.note}>{its.formatted}</p> : null}
    </>
  );
}

interface PlainProps extends Props {
  answers: boolean;
  cursor: RefObject<number | null>;
}

function Plain({ keeper, letter, pen, paste, answers, cursor }: PlainProps) {
  const its = useSaid(said);
  const area = useRef<HTMLTextAreaElement>(null);
  // Who wrote formatted text goes on where they were.
  useEffect(() => {
    const field = area.current;
    if (cursor.current === null || !field) return;
    const at = placeIn(field.value, cursor.current);
    field.focus();
    field.setSelectionRange(at, at);
  }, [cursor]);
  // Who answers begins above what is quoted.
  useEffect(() => {
    if (!answers) return;
    area.current?.focus({ preventScroll: true });
    area.current?.setSelectionRange(0, 0);
    area.current?.closest("section")?.scrollIntoView?.({ block: "nearest" });
  }, [answers]);
  useImperativeHandle(pen as Ref<Pen>, () => ({ insert: (piece) => insert(piece, keeper.letter) }));
  const insert = (piece: { text: string; html: string }, letter: Letter) => {
    const formatted = isFormatted(piece.html);
    const form = formatted ? inForm(letter) : {};
    const { text = letter.text, quote = letter.quote } = form;
    const field = area.current;
    const from = Math.min(field?.selectionStart ?? 0, text.length);
    const to = Math.min(field?.selectionEnd ?? from, text.length);
    const next = inserted(text, from, to, piece.text.replace(/\n+$/, ""));
    const rest = text.slice(to).trim() === "" ? "" : pageOf(text.slice(to));
    const before = text.slice(0, from).trim() === "" ? "" : pageOf(text.slice(0, from));
    const html = formatted ? before + piece.html + rest : "";
    if (formatted) cursor.current = lettersIn(text.slice(0, from)) + lettersIn(piece.text);
    keeper.set({ text: next.text, html, quote });
    requestAnimationFrame(() => {
      field?.focus();
      field?.setSelectionRange(next.at, next.at);
    });
  };
  return (
    <textarea
      ref={area}
      className={styles.text}
      aria-label={its.text}
      rows={10}
      value={letter.text}
      onSelect={({ currentTarget: { value, selectionStart } }) => {
        cursor.current = lettersIn(value.slice(0, selectionStart));
      }}
      onPaste={(event) => {
        const files = [...event.clipboardData.files];
        if (files.length === 0) return;
        event.preventDefault();
        paste(files);
      }}
      onChange={(event) => keeper.set({ text: event.currentTarget.value, html: "" })}
    />
  );
}

const choice = "letters-formatted"; // what somebody chose the last time

// asChosen is a letter that is begun, plain or formatted as the last one was.
export function asChosen(letter: Letter): Letter {
  if (letter.id || letter.html || letter.dirty || stored(choice) !== "yes") return letter;
  return { ...letter, ...inForm(letter) };
}

// Format makes a letter a formatted one, or one of plain text again: what is
// formatted is then lost, which is asked about.
export function Format({ keeper, letter }: Part) {
  const its = useSaid(tools);
  const [sure, setSure] = useState(false);
  const [trouble, attempt] = useTry();
  const formatted = letter.html !== "";
  const turn = async () => {
    if (formatted) {
      if (isFormatted(letter.html) && !sure) return setSure(true);
      keeper.set({ html: "" });
    } else {
      await load();
      keeper.set(inForm(keeper.letter));
    }
    store(choice, formatted ? "no" : "yes");
    setSure(false);
  };
  const label = formatted ? (sure ? its.plainSure : its.plain) : its.formatting;
  return (
    <>
      <button
        type="button"
        className={styles.tool}
        data-sure={sure}
        onBlur={() => setSure(false)}
        onClick={() => void attempt(turn)}
      >
        <Sign name="bold" />
        {label}
      </button>
      {trouble}
    </>
  );
}
