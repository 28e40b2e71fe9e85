// Moments as an input of the browser writes them: in the reader's own zone and
// without naming it.

const two = (n: number) => String(n).padStart(2, "0");

export function localOf(date: Date): string {
  if (Number.isNaN(date.getTime())) return "";
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day}T${two(date.getHours())}:${two(date.getMinutes())}`;
}

// momentOf is what was written as a time that stands everywhere; null for none.
export function momentOf(local: string): string | null {
  const date = new Date(local);
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}
