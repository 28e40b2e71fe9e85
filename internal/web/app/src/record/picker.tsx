import { TextInput } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { type KeyboardEvent, useId, useState } from "react";
import type { ItemsHit, RecordList, RecordView, SearchHit } from "../api/api";
import { call } from "../api/client";
import { withQuery } from "../api/query";
import { KindChip } from "../look/badge";
import { Option } from "../look/option";
import { fitting } from "../search/commands";
import { said } from "../table/words";
import { useSaid } from "../words/catalogue";
import { apiOf, titleOf, useFolders } from "./folders";
import styles from "./record.module.css";

interface Props {
  label: string;
  kind: string; // empty for any
  pick: (id: string, name: string) => void;
  leave?: () => void;
  autoFocus?: boolean;
}

interface Offer {
  id: string;
  kind: string;
  name: string;
  about?: string | undefined;
}

// Picker finds a record by its name. Arrows choose, Enter takes, Escape leaves.
export function Picker({ label, kind, pick, leave, autoFocus }: Props) {
  const its = useSaid(said);
  const list = useId();
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const offers = useOffers(kind, text.trim());
  const chosen = Math.min(at, (offers?.length ?? 1) - 1);
  const take = (offer: Offer | undefined) => {
    if (!offer) return;
    setText("");
    pick(offer.id, offer.name);
  };
  const keys = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && offers?.length) setAt((chosen + step + offers.length) % offers.length);
    else if (event.key === "Enter") take(offers?.[chosen]);
    else if (event.key === "Escape" && leave) leave();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div className={styles.picker}>
      <TextInput
        size="sm"
        role="combobox"
        aria-label={label}
        aria-expanded={(offers?.length ?? 0) > 0}
        aria-controls={list}
        aria-activedescendant={offers?.[chosen] ? `${list}-${chosen}` : undefined}
        placeholder={its.find}
        autoFocus={autoFocus ?? false}
        autoComplete="off"
        value={text}
        onKeyDown={keys}
        onChange={(event) => {
          setText(event.currentTarget.value);
          setAt(0);
        }}
      />
      <div id={list} role="listbox" aria-label={label} className={styles.offers}>
        {offers?.map((offer, i) => (
          <Option key={offer.id} id={`${list}-${i}`} chosen={i === chosen} take={() => take(offer)}>
            <KindChip kind={offer.kind} name={offer.name} />
            <span>{offer.about}</span>
          </Option>
        ))}
      </div>
      {offers?.length === 0 ? <p className={styles.none}>{its.nobody}</p> : null}
    </div>
  );
}

const most = 8;

// useOffers are records that begin so; before anything is typed the newest.
function useOffers(kind: string, text: string): readonly Offer[] | undefined {
  const folder = useFolders().find((one) => one.kind === kind);
  const path = text
    ? withQuery("/api/v1/search", { q: text, kind, limit: most })
    : folder
      ? withQuery(apiOf(folder), { limit: most })
      : "";
  const { data, isPlaceholderData } = useQuery({
    queryKey: [path, "offers"],
    queryFn: ({ signal }) => call<RecordList | ItemsHit>(path, { signal }),
    enabled: path !== "",
    placeholderData: keepPreviousData,
  });
  const items: readonly (RecordView | SearchHit)[] | undefined = data?.items ?? undefined;
  const offers = items?.map(
    (one): Offer =>
      "values" in one
        ? { id: one.id, kind: one.kind, name: titleOf(one) }
        : { id: one.id, kind: one.kind, name: one.title, about: one.about },
  );
  // Of what was offered before only that stays which still fits: Enter must never
  // take what was not asked for. That nothing is found is known with the answer.
  if (!isPlaceholderData) return offers;
  const still = fitting(offers ?? [], text);
  return still.length > 0 ? still : undefined;
}
