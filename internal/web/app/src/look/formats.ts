// A format of Intl takes long to make and is asked for in every cell of a table,
// so each is made once.

const numbers = new Map<string, Intl.NumberFormat>();
const dates = new Map<string, Intl.DateTimeFormat>();

export function numberFormat(tag: string, options: Intl.NumberFormatOptions = {}): Intl.NumberFormat {
  const key = tag + JSON.stringify(options);
  const made = numbers.get(key) ?? new Intl.NumberFormat(tag, options);
  numbers.set(key, made);
  return made;
}

export function dateFormat(tag: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = tag + JSON.stringify(options);
  const made = dates.get(key) ?? new Intl.DateTimeFormat(tag, options);
  dates.set(key, made);
  return made;
}
