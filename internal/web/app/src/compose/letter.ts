import type { CrmSentFile, DraftView, OutgoingBody } from "../api/api";
import type { Message, Participant } from "../api/types";
import { splitQuoted } from "../mail/quoted";

const roles = ["to", "cc", "bcc"] as const;
export type Role = (typeof roles)[number];

// Letter is a mail that somebody writes.
export interface Letter {
  id: string; // of the draft on the server; empty until it is there
  key: string; // under which the server makes one draft, however often it is asked
  mailbox: string;
  to: readonly string[];
  cc: readonly string[];
  bcc: readonly string[];
  half: Readonly<Record<Role, string>>; // addresses that are being typed
  subject: string;
  text: string;
  html: string; // that another program wrote; empty once the text is changed here
  files: readonly CrmSentFile[];
  reply: string; // the message that it answers
  dirty: boolean; // the server does not have it so
}

// The files of one mail have at most so many bytes together; the server takes a
// little more.
export const mostBytes = 18_000_000;

export const bytesOf = (files: readonly { size?: number }[]) => files.reduce((sum, { size = 0 }) => sum + size, 0);

const none = { to: "", cc: "", bcc: "" };

// blank is a letter of which nothing is written.
export function blank(mailbox: string): Letter {
  const lists = { to: [], cc: [], bcc: [], half: none, files: [] };
  return { ...lists, id: "", key: freshKey(), mailbox, subject: "", text: "", html: "", reply: "", dirty: false };
}

// freshKey is one that nobody else has. The page may be served without TLS, where
// there is no randomUUID.
export const freshKey = () =>
  [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

// ofDraft is a draft as the server keeps it.
export function ofDraft(draft: DraftView): Letter {
  const { to, cc, bcc, text, html = "" } = draft.words;
  const { id, mailbox, subject = "", files, reply = "" } = draft;
  const lists = { to: to ?? [], cc: cc ?? [], bcc: bcc ?? [], files: files ?? [] };
  return { ...blank(mailbox), ...lists, id, subject, text, html, reply };
}

// bodyOf is what the server is to keep.
export function bodyOf(letter: Letter): OutgoingBody {
  const { mailbox, to, cc, bcc, subject, text, html, files, reply } = letter;
  const named = files.map(({ blob, name = "" }) => ({ blob, name }));
  const body: OutgoingBody = { mailbox, to: [...to], cc: [...cc], bcc: [...bcc], subject, text, files: named };
  if (html) body.html = html;
  if (reply) body.reply = reply;
  return body;
}

// worthKeeping tells whether anything is written that would be missed.
export function worthKeeping(letter: Letter): boolean {
  return letter.dirty || roles.some((role) => letter.half[role].trim() !== "");
}

// addressesIn are the addresses of a text that lists some, and what is none (yet).
export function addressesIn(text: string): { whole: string[]; rest: string } {
  const parts = text.split(/[,;\n]+/).map((part) => /<([^<>]+)>\s*$/.exec(part)?.[1] ?? part.trim());
  const whole = parts.filter(isAddress);
  return { whole, rest: parts.filter((part) => part !== "" && !isAddress(part)).join(", ") };
}

const isAddress = (text: string) => /^[^\s@<>()",;]+@[^\s@<>()",;]+\.[^\s@<>()",;.]+$/.test(text);

// toNobody tells whether a letter has no address, not even a typed one.
export function toNobody(letter: Letter): boolean {
  const whole = withHalf(letter);
  return roles.every((role) => whole[role].length === 0);
}

// withFile adds a file, the same one under the same name once.
export function withFile(list: readonly CrmSentFile[], file: CrmSentFile): readonly CrmSentFile[] {
  return list.some(({ blob, name }) => blob === file.blob && name === file.name) ? list : [...list, file];
}

// withHalf takes in addresses that were typed and not ended by a comma.
export function withHalf(letter: Letter): Letter {
  let after = letter;
  for (const role of roles) {
    const { whole, rest } = addressesIn(after.half[role]);
    if (whole.length === 0) continue;
    after = {
      ...after,
      [role]: joined(after[role], whole),
      half: { ...after.half, [role]: rest },
      dirty: true,
    };
  }
  return after;
}

// joined adds addresses to a list, each once.
export function joined(list: readonly string[], more: readonly string[]): string[] {
  const has = new Set(list.map((one) => one.toLowerCase()));
  const fresh = more.filter((one) => !has.has(one.toLowerCase()) && has.add(one.toLowerCase()));
  return [...list, ...fresh];
}

interface Answering {
  message: Message;
  all: boolean;
  own: readonly string[]; // addresses of the one who writes
  mailbox: string;
  wrote: string; // the line above what is quoted
}

// answering begins a reply: to who wrote, or to everybody; one's own mail is
// followed up to those who got it.
export function answering({ message, all, own, mailbox, wrote }: Answering): Letter {
  const people = message.participants ?? [];
  const mine = new Set(own.map((one) => one.toLowerCase()));
  const of = (role: string) => addressesOf(people, role).filter((one) => !mine.has(one.toLowerCase()));
  const first = (...lists: string[][]) => lists.find((list) => list.length > 0) ?? [];
  const to = first(of("reply_to"), of("from"), of("to"), addressesOf(people, "from"));
  const cc = all ? joined(to, [...of("to"), ...of("cc")]).slice(to.length) : [];
  const subject = answered(message.subject ?? "");
  const text = quoting(message, wrote);
  return { ...blank(mailbox), to, cc, subject, text, reply: message.id };
}

function addressesOf(people: readonly Participant[], role: string): string[] {
  const addresses = people.filter((one) => one.role === role).map((one) => one.address ?? "");
  return joined([], addresses.filter(Boolean));
}

// answered is the subject of an answer; the prefixes of other mail programs and
// languages are known.
export function answered(subject: string): string {
  return /^\s*(re|aw|odp|sv|rif|r|rép|ant)\s*(\[\d+\])?\s*:/i.test(subject) ? subject : `Re: ${subject}`.trim();
}

const mostQuoted = 20_000; // characters

function quoting(message: Message, wrote: string): string {
  const { own } = splitQuoted(message.body?.text ?? "", message.body?.quoted);
  const words = own.trim().slice(0, mostQuoted);
  if (!words) return "";
  return `\n\n${wrote}\n${words
    .split("\n")
    .map((line) => (line.startsWith(">") ? `>${line}` : `> ${line}`.trimEnd()))
    .join("\n")}\n`;
}
