// Dates and amounts in the language of their reader. Times come as RFC 3339 and
// are shown in the reader's own zone.

import { dateFormat, numberFormat } from "./formats";

const day = 86_400_000;

// shortWhen is for lists: the hour of today, else the day, with the year when
// it is another one.
export function shortWhen(iso: string | null, tag: string, now: Date): string {
  const date = parse(iso);
  if (!date) return "";
  if (sameDay(date, now)) return dateFormat(tag, { timeStyle: "short" }).format(date);
  const year = date.getFullYear() === now.getFullYear() ? {} : ({ year: "numeric" } as const);
  return dateFormat(tag, { day: "numeric", month: "short", ...year }).format(date);
}

// longWhen is for one message: day and hour in full.
export function longWhen(iso: string | null, tag: string): string {
  const date = parse(iso);
  return date ? dateFormat(tag, { dateStyle: "full", timeStyle: "short" }).format(date) : "";
}

// exactWhen is for appointments: the day of the week and the hour, or the day
// alone.
export function exactWhen(iso: string | null, tag: string, allDay?: boolean): string {
  const date = parse(iso);
  if (!date) return "";
  const day = { weekday: "short", day: "numeric", month: "short" } as const;
  return dateFormat(tag, allDay ? day : { ...day, hour: "numeric", minute: "2-digit" }).format(date);
}

// agoWhen says how long ago a recent moment was; an older one by its day.
export function agoWhen(iso: string | null, tag: string, now: Date): string {
  const date = parse(iso);
  if (!date) return "";
  const seconds = Math.max(0, Math.round((now.getTime() - date.getTime()) / 1000));
  const relative = new Intl.RelativeTimeFormat(tag, { numeric: "auto", style: "short" });
  if (seconds < 60) return relative.format(-seconds, "second");
  if (seconds < 3600) return relative.format(-Math.round(seconds / 60), "minute");
  if (seconds * 1000 < day) return relative.format(-Math.round(seconds / 3600), "hour");
  return shortWhen(iso, tag, now);
}

// lasting says a number of seconds in at most two units.
export function lasting(seconds: number, tag: string): string {
  const unit = (value: number, name: string) =>
    numberFormat(tag, { style: "unit", unit: name, unitDisplay: "short" }).format(value);
  const whole = Math.max(1, Math.ceil(seconds));
  if (whole < 90) return unit(whole, "second");
  const minutes = Math.ceil(whole / 60);
  if (minutes < 90) return unit(minutes, "minute");
  const rest = minutes % 60;
  return unit(Math.floor(minutes / 60), "hour") + (rest ? ` ${unit(rest, "minute")}` : "");
}

export const amount = (n: number, tag: string) => numberFormat(tag).format(n);

// bytes says a size in the unit that fits.
export function bytes(n: number, tag: string): string {
  const units = ["byte", "kilobyte", "megabyte", "gigabyte"];
  const step = n < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(n) / 3));
  const format = {
    style: "unit",
    unit: units[step] ?? "byte",
    unitDisplay: step === 0 ? "long" : "short",
    maximumFractionDigits: step > 1 ? 1 : 0,
  };
  return numberFormat(tag, format as Intl.NumberFormatOptions).format(n / 1000 ** step);
}

function parse(iso: string | null): Date | null {
  const date = new Date(iso ?? Number.NaN);
  return Number.isNaN(date.getTime()) ? null : date;
}

// sameDay tells whether two moments lie on the same local day.
export function sameDay(a: Date, b: Date): boolean {
  return a.toDateString() === b.toDateString();
}
