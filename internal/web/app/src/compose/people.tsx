import { useQuery } from "@tanstack/react-query";
import { type KeyboardEvent, useId, useState } from "react";
import type { ItemsHit } from "../api/api";
import { call } from "../api/client";
import { withQuery } from "../api/query";
import { Option } from "../look/option";
import { useSaid } from "../words/catalogue";
import styles from "./compose.module.css";
import { Small } from "./files";
import { addressesIn, joined } from "./letter";
import { said } from "./words";

interface Props {
  label: string;
  list: readonly string[];
  half: string;
  set: (list: readonly string[], half: string) => void;
  autoFocus?: boolean;
}

interface Known {
  name: string;
  address: string;
}

// People is a list of addresses. What is typed becomes one of them at a comma,
// Enter or when the line is left; people who are known are proposed.
export function People({ label, list, half, set, autoFocus = false }: Props) {
  const its = useSaid(said);
  const id = useId();
  const [at, setAt] = useState(-1);
  const [left, setLeft] = useState(true); // the line does not have the focus
  const known = useKnown(left ? "" : half.trim()).filter(({ address }) => !list.includes(address));
  const take = (text: string): boolean => {
    const { whole, rest } = addressesIn(text);
    set(joined(list, whole), rest);
    setAt(-1);
    return whole.length > 0;
  };
  const keys = (event: KeyboardEvent<HTMLInputElement>) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const chosen = known[at];
    if (step && known.length > 0) setAt((at + step + known.length) % known.length);
    else if (event.key === "Enter" && !event.ctrlKey && !event.metaKey && (chosen || half))
      take(chosen?.address ?? half);
    else if (event.key === "Tab" && !event.shiftKey && chosen) take(chosen.address);
    else if (event.key === "Escape" && known.length > 0) setLeft(true);
    else if (event.key === "Backspace" && half === "" && list.length > 0) set(list.slice(0, -1), "");
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const wrong = left && half.trim() !== "" ? its.noAddress(half.trim()) : null;
  return (
    <div className={styles.row}>
      <label htmlFor={id}>{label}</label>
      <div className={styles.people}>
        {list.map((address) => (
          <span key={address} className={styles.person}>
            {address}
            <Small
              sign="close"
              label={its.takeOff(address)}
              act={() =>
                set(
                  list.filter((one) => one !== address),
                  half,
                )
              }
            />
          </span>
        ))}
        <input
          id={id}
          role="combobox"
          type="text"
          inputMode="email"
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          aria-expanded={known.length > 0}
          aria-controls={`${id}-known`}
          aria-activedescendant={known[at] ? `${id}-${at}` : undefined}
          aria-invalid={wrong !== null}
          aria-describedby={wrong ? `${id}-wrong` : undefined}
          // biome-ignore lint/a11y/noAutofocus: the one who asked for a new letter begins here
          autoFocus={autoFocus}
          value={half}
          onFocus={() => setLeft(false)}
          onBlur={() => {
            setLeft(true);
            if (half.trim()) take(half);
          }}
          onKeyDown={keys}
          onChange={(event) => {
            const text = event.currentTarget.value;
            setLeft(false);
            setAt(-1);
            if (/[,;\n]/.test(text)) take(text);
            else set(list, text);
          }}
        />
        <div
          id={`${id}-known`}
          role="listbox"
          aria-label={its.people}
          className={styles.known}
          hidden={known.length === 0}
        >
          {known.map((one, i) => (
            <Option key={one.address} id={`${id}-${i}`} chosen={i === at} take={() => take(one.address)}>
              <b>{one.name}</b> <span>{one.address}</span>
            </Option>
          ))}
        </div>
        {wrong ? (
          <p className={styles.fault} id={`${id}-wrong`} role="alert">
            {wrong}
          </p>
        ) : null}
      </div>
    </div>
  );
}

// useKnown are contacts whose name or address begins so.
function useKnown(text: string): readonly Known[] {
  const path = text.length > 1 ? withQuery("/api/v1/search", { q: text, kind: "contact", limit: 6 }) : "";
  const { data } = useQuery({
    queryKey: [path, "known"],
    queryFn: ({ signal }) => call<ItemsHit>(path, { signal }),
    enabled: path !== "",
  });
  const hits = data?.items ?? [];
  return hits.flatMap(({ title, about = "" }) => (about.includes("@") ? [{ name: title, address: about }] : []));
}
