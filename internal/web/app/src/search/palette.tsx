import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import type { ItemsHit, SearchHit } from "../api/api";
import { call } from "../api/client";
import { withQuery } from "../api/query";
import { Option } from "../look/option";
import { Sign } from "../look/sign";
import { Trouble } from "../look/trouble";
import { shortWhen } from "../look/when";
import { hrefOfRecord, useFolders } from "../record/folders";
import { go, hrefOf } from "../route";
import { useSaid } from "../words/catalogue";
import { nameOf, useTongue } from "../words/words";
import { type Command, fitting, useCommands } from "./commands";
import styles from "./palette.module.css";
import { said } from "./words";

interface Choice extends Command {
  about?: string | undefined;
  when?: string;
}

// Palette finds records, mail and commands while one types. Arrows choose, Enter
// opens, Escape closes; the focus never leaves the line that is typed in.
export function Palette({ close }: { close: () => void }) {
  const words = useSaid(said);
  const box = useRef<HTMLDialogElement>(null);
  const list = useId();
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const { hits, error } = useHits(text.trim());
  const commands = fitting(useCommands(useFolders()), text).slice(0, text.trim() ? 6 : 40);
  const choices = [...hits, ...commands];
  const chosen = Math.min(at, choices.length - 1);

  useEffect(() => {
    box.current?.showModal?.();
  }, []);
  useEffect(() => {
    document.getElementById(`${list}-${chosen}`)?.scrollIntoView({ block: "nearest" });
  }, [list, chosen]);

  const open = (choice: Choice | undefined) => {
    if (!choice) return;
    close();
    go(choice.href);
  };
  const keys = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && choices.length > 0) setAt((chosen + step + choices.length) % choices.length);
    else if (event.key === "Enter") open(choices[chosen]);
    else return;
    event.preventDefault();
  };
  const row = (choice: Choice, i: number) => (
    <Row key={choice.id} id={`${list}-${i}`} choice={choice} chosen={i === chosen} open={() => open(choice)} />
  );
  return (
    // A press on the ground behind it closes it; by keys Escape does.
    // biome-ignore lint/a11y/useKeyWithClickEvents: see above
    <dialog
      ref={box}
      className={styles.palette}
      aria-label={words.title}
      onClose={close}
      onClick={(event) => event.target === box.current && close()}
    >
      <div className={styles.inside}>
        <input
          className={styles.line}
          role="combobox"
          aria-label={words.title}
          aria-expanded="true"
          aria-controls={list}
          aria-activedescendant={choices.length > 0 ? `${list}-${chosen}` : undefined}
          placeholder={words.hint}
          value={text}
          spellCheck={false}
          autoComplete="off"
          onChange={(event) => {
            setText(event.currentTarget.value);
            setAt(0);
          }}
          onKeyDown={keys}
        />
        {error ? <Trouble cause={error} /> : null}
        <div id={list} role="listbox" aria-label={words.title} className={styles.choices}>
          {hits.length > 0 ? <Part title={words.results}>{hits.map(row)}</Part> : null}
          {commands.length > 0 ? (
            <Part title={words.commands}>{commands.map((choice, i) => row(choice, i + hits.length))}</Part>
          ) : null}
        </div>
        {choices.length === 0 ? <p className={styles.none}>{words.none(text.trim())}</p> : null}
        <p className={styles.keys} aria-hidden="true">
          {words.keys}
        </p>
      </div>
    </dialog>
  );
}

// useHits asks the server for what begins with the words; what was found before
// stays until the next answer, so that the list does not flicker.
function useHits(asked: string): { hits: readonly Choice[]; error: unknown } {
  const { tag, words } = useTongue();
  const mine = useSaid(said);
  const path = withQuery("/api/v1/search", { q: asked, limit: 12 });
  const { data, error, isPlaceholderData } = useQuery({
    queryKey: [path],
    queryFn: ({ signal }) => call<ItemsHit>(path, { signal }),
    enabled: asked !== "",
    placeholderData: keepPreviousData,
  });
  if (asked === "") return { hits: [], error: null };
  const choice = (hit: SearchHit): Choice => ({
    id: hit.id,
    sign: hit.kind === "message" ? "inbox" : hit.kind,
    name: hit.title || (hit.kind === "message" ? words.subjectHidden : nameOf(words.kinds, hit.kind)),
    about: hit.about,
    when:
      hit.kind === "message"
        ? shortWhen(hit.at, tag, new Date())
        : nameOf({ ...words.kinds, message: mine.message }, hit.kind),
    href: hit.kind === "message" ? hrefOf({ message: hit.id }) : hrefOfRecord(hit.id),
  });
  const hits = (data?.items ?? []).map(choice);
  // Of what was found before only that stays which still fits: Enter must never
  // open what was not asked for.
  return { hits: isPlaceholderData ? fitting(hits, asked) : hits, error };
}

function Part({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    // A group of options; there is no element for it outside of a select.
    // biome-ignore lint/a11y/useSemanticElements: see above
    <div role="group" aria-label={title}>
      <p className={styles.part} aria-hidden="true">
        {title}
      </p>
      {children}
    </div>
  );
}

interface RowProps {
  id: string;
  choice: Choice;
  chosen: boolean;
  open: () => void;
}

function Row({ id, choice, chosen, open }: RowProps) {
  return (
    <Option id={id} chosen={chosen} take={open} className={styles.choice}>
      <Sign name={choice.sign} />
      <span className={styles.name}>{choice.name}</span>
      {choice.about ? <span className={styles.about}>{choice.about}</span> : null}
      {choice.when ? <span className={styles.when}>{choice.when}</span> : null}
    </Option>
  );
}
