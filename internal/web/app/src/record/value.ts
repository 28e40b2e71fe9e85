import type { FieldView, RecordView } from "../api/api";
import { dateFormat, numberFormat } from "../look/formats";
import { localOf, momentOf } from "./moment";

// Values of fields, as people read and write them.

// readable writes a value in the reader's language.
export function readable(field: FieldView, record: RecordView, tag: string, users: Readonly<Record<string, string>>) {
  const value = record.values[field.key] ?? record.derived?.[field.key];
  if (value === undefined || value === null || value === "") return "";
  if (Array.isArray(value)) return value.map(String).join(", ");
  if (isMoney(value)) return money(value.minor, value.currency, tag);
  if (field.money) return money(Number(value), String(record.values[field.money] ?? ""), tag);
  switch (field.type) {
    case "user":
      // While nobody is known yet, an id would only flash up.
      return users[String(value)] ?? (Object.keys(users).length > 0 ? String(value) : "");
    case "date":
      return day(String(value), tag);
    case "datetime":
      return dateFormat(tag, { dateStyle: "medium", timeStyle: "short" }).format(new Date(String(value)));
    case "number":
    case "percent":
      return numberFormat(tag).format(Number(value)) + (field.type === "percent" ? " %" : "");
    case "file":
      return String((value as { name?: string }).name ?? "");
    case "checkbox":
      return value === true ? "✓" : "";
  }
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

// day writes a date without a time, which lies in no zone.
export function day(iso: string, tag: string): string {
  const date = new Date(`${iso.slice(0, 10)}T00:00:00Z`);
  return Number.isNaN(date.getTime()) ? iso : dateFormat(tag, { dateStyle: "medium", timeZone: "UTC" }).format(date);
}

interface Money {
  minor: number;
  currency: string;
}

function isMoney(value: unknown): value is Money {
  return typeof value === "object" && value !== null && "minor" in value && "currency" in value;
}

// digitsOf is how many decimals a currency has.
export function digitsOf(currency: string): number {
  try {
    const format = numberFormat("en", { style: "currency", currency });
    return format.resolvedOptions().maximumFractionDigits ?? 2;
  } catch {
    return 2;
  }
}

// money writes minor units of a currency; whole amounts without their cents.
export function money(minor: number, currency: string, tag: string): string {
  const digits = digitsOf(currency);
  const major = minor / 10 ** digits;
  const shown = Number.isInteger(major) ? 0 : digits;
  if (!/^[A-Z]{3}$/.test(currency)) return numberFormat(tag, { minimumFractionDigits: shown }).format(major);
  return numberFormat(tag, {
    style: "currency",
    currency,
    minimumFractionDigits: shown,
    maximumFractionDigits: shown,
  }).format(major);
}

// Kinds of fields that a line of text can hold.
const plain = new Set([
  "text",
  "long_text",
  "email",
  "phone",
  "domain",
  "url",
  "number",
  "percent",
  "date",
  "datetime",
  "dropdown",
  "checkbox",
  "user",
  "rating",
  "currency_code",
]);

// editable tells whether this page can write the field.
export function editable(field: FieldView): boolean {
  return !field.system && !field.expr && !field.stat && plain.has(field.type) && field.key !== "stage";
}

// draftOf is the value as it stands in an input.
export function draftOf(field: FieldView, record: RecordView): string {
  const value = record.values[field.key];
  if (value === undefined || value === null) return "";
  if (Array.isArray(value)) return value.join(", ");
  if (field.type === "datetime") return localOf(new Date(String(value)));
  if (field.money) return String(Number(value) / 10 ** digitsOf(String(record.values[field.money] ?? "")));
  return String(value);
}

// written is what the server is told for what was written; nothing empties.
export function written(field: FieldView, draft: string, record: RecordView): unknown {
  const text = draft.trim();
  if (field.many) {
    const list = text.split(/[,;\n]/).map((one) => one.trim());
    return list.filter(Boolean);
  }
  if (field.type === "checkbox") return text === "true";
  if (text === "") return null;
  if (field.type === "datetime") return momentOf(text) ?? text;
  if (field.money) return Math.round(numberIn(text) * 10 ** digitsOf(String(record.values[field.money] ?? "")));
  if (["number", "percent", "rating"].includes(field.type)) return numberIn(text);
  return text;
}

// numberIn reads a number with a comma or a point for its decimals; what is none
// goes to the server as it is written, which says what is wrong with it.
function numberIn(text: string): number {
  const clean = text.replace(/[\s\u00a0']/g, "");
  const comma = clean.lastIndexOf(",");
  const point = clean.lastIndexOf(".");
  const last = Math.max(comma, point);
  if (last < 0) return Number(clean);
  return Number(`${clean.slice(0, last).replace(/[.,]/g, "")}.${clean.slice(last + 1)}`);
}

// idsOf are the records to which a relation points.
export function idsOf(value: unknown): string[] {
  if (Array.isArray(value))
    return value.map((one) => (typeof one === "object" && one ? String((one as { id?: string }).id) : String(one)));
  return value ? [String(value)] : [];
}
