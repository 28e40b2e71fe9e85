import type { CrmSentFile, DraftView, OutgoingBody } from "../api/api";
import type { Message, Participant } from "../api/types";
import { splitQuoted } from "../mail/quoted";
import { pageOf, shapeOf } from "./format";

const roles = ["to", "cc", "bcc"] as const;
export type Role = (typeof roles)[number];

export type Track = "" | "aggregate" | "individual";

// Letter is a mail that somebody writes.
export interface Letter {
  id: string; // of the draft on the server; empty until it is there
  key: string; // under which the server makes one draft, however often it is asked
  mailbox: string;
  from: string; // which of its addresses; empty: its own
  to: readonly string[];
  cc: readonly string[];
  bcc: readonly string[];
  half: Readonly<Record<Role, string>>; // addresses that are being typed
  subject: string;
  text: string;
  html: string; // of one that is formatted: what it says; the text only shows it. Empty: plain text
  files: readonly CrmSentFile[];
  reply: string; // the message that it answers
  forward: string; // the message that it passes on
  head: readonly string[]; // what stands above that message, where it is quoted
  quote: boolean; // it stands below, as it came: the server puts it there
  below: string; // or as text: how the text of this letter ended when it was begun
  track: Track; // what is found out about its reading
  version: string; // of the draft that this one goes on from
  base: string; // what that draft said
  tried: string; // what the server was asked to keep, while its answer has not come
  dirty: boolean; // the server does not have it so
}

// The files of one mail have at most so many bytes together; the server takes a
// little more.
export const mostBytes = 18_000_000;

export const bytesOf = (files: readonly { size?: number }[]) => files.reduce((sum, { size = 0 }) => sum + size, 0);

const none = { to: "", cc: "", bcc: "" };

const unkept = { version: "", base: "", tried: "" };

// blank is a letter of which nothing is written but who signs it.
export function blank(mailbox: string, signature = "", formatted = ""): Letter {
  const lists = { to: [], cc: [], bcc: [], half: none, files: [] };
  const words = {
    from: "",
    subject: "",
    text: signature && `\n\n-- \n${signature}\n`,
    html: formatted && `<p></p><p>-- </p>${formatted}`,
    reply: "",
    forward: "",
    head: [],
    quote: false,
    below: "",
  };
  return { ...lists, ...words, ...unkept, id: "", key: freshKey(), mailbox, track: "", dirty: false };
}

// apart is a letter as a draft of its own.
export const apart = (letter: Letter): Letter => ({ ...letter, ...unkept, id: "", key: freshKey(), dirty: true });

// revived is a letter that this machine kept, maybe before letters had all that
// they have now.
export const revived = (kept: Letter): Letter => ({ ...blank(kept.mailbox), ...kept });

// freshKey is one that nobody else has. The page may be served without TLS, where
// there is no randomUUID.
export const freshKey = () =>
  [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

// ofDraft is a draft as the server keeps it.
export function ofDraft(draft: DraftView): Letter {
  const { to, cc, bcc, text, html = "" } = draft.words;
  const { id, mailbox, from, subject = "", files, reply = "", forward = "", quoted, track = "", version } = draft;
  const head = quoted ?? [];
  const lists = { to: to ?? [], cc: cc ?? [], bcc: bcc ?? [], files: files ?? [] };
  const letter = {
    ...blank(mailbox),
    ...lists,
    id,
    from,
    subject,
    text,
    html,
    reply,
    forward,
    track: track as Track,
    head,
  };
  const whole = { ...letter, quote: head.length > 0 };
  return { ...whole, version, base: wordsOf(whole) };
}

// wordsOf is what a letter says, without what a server may write otherwise: two
// that say the same have the same words. From where it comes is none of them.
export function wordsOf(letter: Letter): string {
  const { subject, text, html, files, track, quote } = letter;
  const flat = (words: string) => words.replace(/\s+/g, " ").trim();
  const lists = roles.map((role) => letter[role].map((one) => one.toLowerCase()));
  const named = files.map(({ blob, name }) => [blob, name]);
  return JSON.stringify([flat(subject), html ? shapeOf(html) : flat(text), lists, named, track, quote]);
}

// sameWords tells whether a draft of the server is what it was asked to keep: it
// gives an answer without a subject one.
export function sameWords(asked: Letter, kept: Letter): boolean {
  const subject = asked.subject.trim() ? asked.subject : kept.subject;
  return wordsOf({ ...asked, subject }) === wordsOf(kept);
}

// bodyOf is what the server is to keep.
export function bodyOf(letter: Letter): OutgoingBody {
  const { mailbox, from, to, cc, bcc, subject, text, html, files, reply, forward, head, quote, track } = letter;
  const named = files.map(({ blob, name = "" }) => ({ blob, name }));
  const body: OutgoingBody = { mailbox, to: [...to], cc: [...cc], bcc: [...bcc], subject, files: named };
  if (html) body.html = html;
  else body.text = text;
  if (reply) body.reply = reply;
  if (forward) body.forward = forward;
  if (quote) body.quote = [...head];
  if (from) body.from = from;
  if (track) body.track = track;
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
  from: string; // which of its addresses
  signature: string;
  formatted?: string; // the same where it is formatted
  wrote: string; // the line above what is quoted
}

// answering begins a reply: to who wrote, or to everybody; one's own mail is
// followed up to those who got it.
export function answering({ message, all, own, mailbox, from, signature, formatted, wrote }: Answering): Letter {
  const people = message.participants ?? [];
  const mine = new Set(own.map((one) => one.toLowerCase()));
  const of = (role: string) => addressesOf(people, role).filter((one) => !mine.has(one.toLowerCase()));
  const first = (...lists: string[][]) => lists.find((list) => list.length > 0) ?? [];
  const to = first(of("reply_to"), of("from"), of("to"), addressesOf(people, "from"));
  const cc = all ? joined(to, [...of("to"), ...of("cc")]).slice(to.length) : [];
  const subject = answered(message.subject ?? "");
  const said = over({ signature, formatted, below: quoting(message, wrote), head: [wrote] });
  return { ...blank(mailbox), ...said, from, to, cc, subject, reply: message.id };
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

// above is a signature that stands above quoted text: the line of dashes would make
// other programs take all below it for a part of the signature.
const above = (signature: string) => signature && `\n\n${signature}`;

interface Over {
  signature: string;
  formatted: string | undefined;
  below: string;
  head: readonly string[];
}

// over begins what stands above a mail that is quoted: as text it ends with that
// mail, formatted it leaves that to the server, which has it as it came.
function over({ signature, formatted, below, head }: Over) {
  const text = above(signature);
  if (!formatted || !below) return { text: text + below, html: formatted ? `<p></p>${formatted}` : "", below, head };
  return { text, html: `<p></p>${formatted}`, below, head, quote: true };
}

// inForm is what makes a letter of plain text a formatted one. The mail that it
// quotes at its end stands below it as it came, unless somebody wrote within it.
export function inForm({ text, below, quote }: Letter): Partial<Letter> {
  const whole = below !== "" && !quote && text.endsWith(below);
  if (!whole) return { html: pageOf(text) };
  const own = text.slice(0, -below.length);
  return { text: own, html: pageOf(own), quote: true };
}

interface Forwarding {
  message: Message;
  mailbox: string;
  from: string;
  signature: string;
  formatted?: string; // the same where it is formatted
  head: readonly string[]; // what stands above the mail that is passed on
  files: readonly CrmSentFile[];
}

// forwarding begins a letter that passes a mail on.
export function forwarding({ message, mailbox, from, signature, formatted, head, files }: Forwarding): Letter {
  const words = (message.body?.text ?? "").trim().slice(0, mostQuoted);
  const below = `\n\n${head.join("\n")}\n\n${words}\n`;
  const said = over({ signature, formatted, below, head });
  const subject = forwarded(message.subject ?? "");
  return { ...blank(mailbox), ...said, from, subject, files, forward: message.id };
}

// forwarded is the subject of a mail that passes another one on.
export function forwarded(subject: string): string {
  return /^\s*(fwd?|tr|i|pd|wg|rv|doorst)\s*(\[\d+\])?\s*:/i.test(subject) ? subject : `Fwd: ${subject}`.trim();
}

// inserted puts a piece of text where the cursor is, or in the place of what is
// chosen.
export function inserted(text: string, from: number, to: number, piece: string): { text: string; at: number } {
  const before = text.slice(0, from);
  return { text: before + piece + text.slice(to), at: before.length + piece.length };
}

interface Writing {
  id: string;
  address: string;
  aliases?: readonly string[] | null;
}

// addressee is the mailbox, and which of its addresses, that a mail came to: its
// answer comes from there.
export function addressee<Box extends Writing>(message: Message, boxes: readonly Box[]): { box?: Box; from: string } {
  const at = (address: string) => (message.participants ?? []).some((one) => one.address === address);
  const copies = new Set((message.copies ?? []).map((copy) => copy.mailbox));
  const mine = boxes.filter(({ address }) => copies.has(address));
  for (const box of mine.length > 0 ? mine : boxes) {
    const alias = at(box.address) ? undefined : box.aliases?.find(at);
    if (alias) return { box, from: alias };
    if (at(box.address)) return { box, from: "" };
  }
  const box = mine[0] ?? boxes[0];
  return box ? { box, from: "" } : { from: "" };
}
