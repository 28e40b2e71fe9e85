import { type ChangeEvent, useEffect, useId, useState } from "react";
import { useWords } from "../words/words";
import styles from "./card.module.css";
import { pickerKind } from "./form";
import { useHost } from "./host";
import type { Action, DateTimePicker, SelectionInput, TextInput } from "./types";

// Every input shows the value that its host knows and tells the host of each
// change; an action on change runs once the value is settled.

export function TextField({ input }: { input: TextInput }) {
  const host = useHost();
  const id = useId();
  const value = host.values[input.name]?.[0] ?? "";
  const offers = useOffers(input, value);
  const [before, setBefore] = useState(value);
  const shared = {
    id,
    value,
    className: styles.field,
    maxLength: input.validation?.characterLimit,
    "aria-invalid": host.lacking.includes(input.name),
    "aria-describedby": `${id}-note`,
    onChange: (event: ChangeEvent<HTMLInputElement | HTMLTextAreaElement>) =>
      host.set(input.name, event.target.value === "" ? [] : [event.target.value]),
    onFocus: () => setBefore(value),
    onBlur: () => {
      if (input.onChangeAction && value !== before) host.run(input.onChangeAction);
    },
  };
  return (
    <div className={styles.input}>
      <label className={styles.label} htmlFor={id}>
        {input.label ?? input.hintText}
      </label>
      {input.type === "MULTIPLE_LINE" ? (
        <textarea rows={3} {...shared} />
      ) : (
        <input type={fieldType(input)} list={offers.length > 0 ? `${id}-offers` : undefined} {...shared} />
      )}
      {offers.length > 0 ? (
        <datalist id={`${id}-offers`}>
          {offers.map((offer) => (
            <option key={offer} value={offer} />
          ))}
        </datalist>
      ) : null}
      <Note id={`${id}-note`} name={input.name} hint={input.label ? input.hintText : undefined} />
    </div>
  );
}

function fieldType(input: TextInput): string {
  switch (input.validation?.inputType) {
    case "EMAIL":
      return "email";
    case "INTEGER":
    case "FLOAT":
      return "number";
    default:
      return "text";
  }
}

// useOffers returns what a text may be completed to: the offers that came with
// the card, then those that the server gives for what is typed.
function useOffers(input: TextInput, typed: string): string[] {
  const { suggest } = useHost();
  const [offers, setOffers] = useState(() => (input.initialSuggestions?.items ?? []).map((item) => item.text));
  const { autoCompleteAction, name } = input;
  useEffect(() => {
    if (!autoCompleteAction || typed === "") return;
    let current = true;
    const timer = setTimeout(() => {
      // No offers is no trouble worth telling: the text can be typed in full.
      suggest(autoCompleteAction, name, typed).then(
        (found) => current && setOffers(found),
        () => undefined,
      );
    }, 250);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [autoCompleteAction, name, typed, suggest]);
  return offers;
}

export function Choice({ input }: { input: SelectionInput }) {
  const host = useHost();
  const id = useId();
  const value = host.values[input.name] ?? [];
  const choose = (next: readonly string[]) => settle(host, input.name, next, input.onChangeAction);
  const items = input.items ?? [];
  if (input.type === "DROPDOWN") {
    return (
      <div className={styles.input}>
        <label className={styles.label} htmlFor={id}>
          {input.label}
        </label>
        <select
          id={id}
          className={styles.field}
          value={value[0] ?? ""}
          disabled={host.busy}
          onChange={(event) => choose([event.target.value])}
        >
          {value.length === 0 ? <option value="" /> : null}
          {items.map((item) => (
            <option key={item.value} value={item.value}>
              {item.text}
            </option>
          ))}
        </select>
        <Note id={`${id}-note`} name={input.name} />
      </div>
    );
  }
  const single = input.type === "RADIO_BUTTON";
  return (
    <fieldset className={styles.choices}>
      {input.label ? <legend className={styles.label}>{input.label}</legend> : null}
      {items.map((item) => {
        const chosen = value.includes(item.value);
        const rest = value.filter((other) => other !== item.value);
        return (
          <label key={item.value} className={input.type === "SWITCH" ? styles.switchRow : styles.choice}>
            <input
              type={single ? "radio" : "checkbox"}
              className={input.type === "SWITCH" ? styles.switch : undefined}
              role={input.type === "SWITCH" ? "switch" : undefined}
              name={id}
              checked={chosen}
              disabled={host.busy}
              onChange={() => choose(single ? [item.value] : chosen ? rest : [...rest, item.value])}
            />
            <span>
              {item.text}
              {item.bottomText ? <small className={styles.bottom}>{item.bottomText}</small> : null}
            </span>
          </label>
        );
      })}
      <Note id={`${id}-note`} name={input.name} />
    </fieldset>
  );
}

const pickerTypes = { date: "date", time: "time", dateTime: "datetime-local" } as const;

export function Picker({ input }: { input: DateTimePicker }) {
  const host = useHost();
  const id = useId();
  return (
    <div className={styles.input}>
      <label className={styles.label} htmlFor={id}>
        {input.label}
      </label>
      <input
        id={id}
        className={styles.field}
        type={pickerTypes[pickerKind(input.type)]}
        value={host.values[input.name]?.[0] ?? ""}
        onChange={(event) =>
          settle(host, input.name, event.target.value ? [event.target.value] : [], input.onChangeAction)
        }
      />
      <Note id={`${id}-note`} name={input.name} />
    </div>
  );
}

// settle keeps a value and runs what the card wants to happen with it. The
// value goes along, because the host's own state has it only after a render.
function settle(host: ReturnType<typeof useHost>, name: string, value: readonly string[], action?: Action) {
  host.set(name, value);
  if (action) host.run(action, { name, value });
}

function Note({ id, name, hint }: { id: string; name: string; hint?: string | undefined }) {
  const words = useWords();
  const lacking = useHost().lacking.includes(name);
  if (!lacking && !hint) return null;
  return (
    <small id={id} className={lacking ? styles.lacking : styles.hint} role={lacking ? "alert" : undefined}>
      {lacking ? words.required : hint}
    </small>
  );
}
