import type { MessageRow, Participant, Person } from "../api/types";

// nameOfPerson is how a list calls somebody: by name, else by address.
export function nameOfPerson(person: Person): string {
  return person.name?.trim() || person.address;
}

// others are the people whom a row is about: who wrote, or for our own mail to
// whom.
export function others(row: MessageRow): { sent: boolean; names: string } {
  const sent = row.direction === "outbound";
  const people = sent ? (row.to ?? []) : [row.from];
  const names = people.slice(0, 3).map(nameOfPerson).filter(Boolean).join(", ");
  return { sent, names: people.length > 3 ? `${names}, …` : names };
}

// unread tells whether nobody has read the message yet. What we sent is read,
// and of a message that is hidden from us nobody says so.
export function unread(row: Pick<MessageRow, "direction" | "flags" | "level">): boolean {
  return row.level === "full" && row.direction !== "outbound" && !(row.flags ?? []).includes("seen");
}

// initials are one or two letters for a round badge.
export function initials(name: string): string {
  const parts = name
    .replace(/@.*$/, "")
    .split(/[\s._-]+/)
    .filter(Boolean);
  const letters = [parts[0], parts.length > 1 ? parts.at(-1) : undefined].map((part) => [...(part ?? "")][0] ?? "");
  return letters.join("").toUpperCase() || "?";
}

// hueOf gives a name one of eight colours, always the same one.
export function hueOf(name: string): number {
  let sum = 0;
  for (const letter of name.toLowerCase()) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 8191;
  return sum % 8;
}

const order = ["from", "sender", "reply_to", "to", "cc", "bcc"];

// byRole groups participants by where they stand, in the order of a header. A
// Sender or Reply-To that only repeats From says nothing and is left out.
export function byRole(people: readonly Participant[]): { role: string; people: Participant[] }[] {
  const authors = new Set(people.filter((one) => one.role === "from").map((one) => one.address));
  const groups = new Map<string, Participant[]>();
  for (const one of people) {
    if ((one.role === "sender" || one.role === "reply_to") && authors.has(one.address)) continue;
    groups.set(one.role, [...(groups.get(one.role) ?? []), one]);
  }
  const place = (role: string) => (order.includes(role) ? order.indexOf(role) : order.length);
  return [...groups].map(([role, list]) => ({ role, people: list })).sort((a, b) => place(a.role) - place(b.role));
}
