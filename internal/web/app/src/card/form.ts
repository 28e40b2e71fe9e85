import type { Action, Card, Widget } from "./types";

// Values of the inputs of a card by name: texts and chosen values. An input that
// is empty or unchecked has an empty list.
export type Values = Readonly<Record<string, readonly string[]>>;

type Kind = "text" | "date" | "time" | "dateTime";

interface Input {
  name: string;
  kind: Kind;
  initial: string[];
}

// inputsOf lists the inputs of a card with their first values.
export function inputsOf(card: Card): Input[] {
  return (card.sections ?? []).flatMap((section) => (section.widgets ?? []).flatMap(inputOf));
}

function inputOf(widget: Widget): Input[] {
  const { selectionInput, textInput, dateTimePicker, decoratedText } = widget;
  if (textInput) return [{ name: textInput.name, kind: "text", initial: textInput.value ? [textInput.value] : [] }];
  if (selectionInput) {
    const chosen = (selectionInput.items ?? []).filter((item) => item.selected).map((item) => item.value);
    return [{ name: selectionInput.name, kind: "text", initial: chosen }];
  }
  if (dateTimePicker) {
    const kind = pickerKind(dateTimePicker.type);
    const ms = Number(dateTimePicker.valueMsEpoch);
    const known = dateTimePicker.valueMsEpoch !== undefined && Number.isFinite(ms);
    return [{ name: dateTimePicker.name, kind, initial: known ? [localValue(kind, ms)] : [] }];
  }
  const control = decoratedText?.switchControl;
  return control
    ? [{ name: control.name, kind: "text", initial: control.selected ? [control.value ?? "true"] : [] }]
    : [];
}

export function pickerKind(type: string | undefined): Exclude<Kind, "text"> {
  if (type === "DATE_ONLY") return "date";
  return type === "TIME_ONLY" ? "time" : "dateTime";
}

// localValue writes a time as an HTML input of its kind wants it. The times of
// cards are wall-clock times written as if they were UTC.
function localValue(kind: Kind, ms: number): string {
  const iso = new Date(ms).toISOString();
  if (kind === "date") return iso.slice(0, 10);
  return kind === "time" ? iso.slice(11, 16) : iso.slice(0, 16);
}

// formInputs writes values as an event carries them. Empty inputs are absent.
export function formInputs(card: Card, values: Values): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  for (const { name, kind, initial } of inputsOf(card)) {
    const value = values[name] ?? initial;
    const first = value[0];
    if (first === undefined || (kind !== "text" && first === "")) continue;
    out[name] = eventValue(kind, first, value);
  }
  return out;
}

function eventValue(kind: Kind, first: string, all: readonly string[]): unknown {
  switch (kind) {
    case "text":
      return { stringInputs: { value: all } };
    case "date":
      return { dateInput: { msSinceEpoch: String(Date.parse(`${first}T00:00:00Z`)) } };
    case "time":
      return { timeInput: { hours: Number(first.slice(0, 2)), minutes: Number(first.slice(3, 5)) } };
    case "dateTime":
      return { dateTimeInput: { msSinceEpoch: String(Date.parse(`${first}:00Z`)), hasDate: true, hasTime: true } };
  }
}

// missing lists the inputs that an action requires and that are empty.
export function missing(card: Card, values: Values, action: Action): string[] {
  return inputsOf(card)
    .filter(({ name }) => action.allWidgetsAreRequired || action.requiredWidgets?.includes(name))
    .filter(({ name, initial }) => !(values[name] ?? initial).some((value) => value.trim() !== ""))
    .map(({ name }) => name);
}
