// Days of a month as a calendar shows them, in whole weeks. Days are YYYY-MM-DD
// and lie in no zone.

const dayMs = 86_400_000;

// weeksOf are the days of all weeks that a month touches; first is the day that
// weeks begin with, 1 for Monday to 7 for Sunday.
export function weeksOf(month: string, first: number): string[][] {
  const begin = Date.parse(`${month}-01T00:00:00Z`);
  const before = (new Date(begin).getUTCDay() - (first % 7) + 7) % 7;
  const end = Date.parse(`${step(month, 1)}-01T00:00:00Z`);
  const weeks: string[][] = [];
  for (let at = begin - before * dayMs; at < end; at += 7 * dayMs) {
    weeks.push(Array.from({ length: 7 }, (_, i) => new Date(at + i * dayMs).toISOString().slice(0, 10)));
  }
  return weeks;
}

// step is the month so many months on.
export function step(month: string, by: number): string {
  const [year = 0, number = 1] = month.split("-").map(Number);
  return new Date(Date.UTC(year, number - 1 + by, 1)).toISOString().slice(0, 7);
}

// firstDayOf is the day with which weeks begin where the reader lives.
export function firstDayOf(tag: string): number {
  const locale = new Intl.Locale(tag) as Intl.Locale & {
    getWeekInfo?: () => { firstDay: number };
    weekInfo?: { firstDay: number };
  };
  return locale.getWeekInfo?.().firstDay ?? locale.weekInfo?.firstDay ?? 1;
}

// dayHere is the day that it is where the reader is, at a time.
export const dayHere = (at: Date) =>
  new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 10);

export const thisMonth = (now = new Date()) => dayHere(now).slice(0, 7);
