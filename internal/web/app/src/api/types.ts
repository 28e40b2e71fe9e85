// What the server answers, as far as this app reads it. Times are RFC 3339 in
// UTC, or null when they are not known. Enumerations only grow, so each is read
// as text and an unknown value has a fall-back in words.

export interface Me {
  user?: { id: string; email: string; name: string; locale: string };
  workspace: { id: string; name: string };
}

export interface Page<T> {
  items: T[] | null;
  next?: string;
}

export interface Person {
  name?: string;
  address: string;
}

export interface Link {
  record: string;
  kind: string; // contact, company, deal, …
  name: string;
  rule: string;
  because: string; // in the language of the viewer
}

export interface MessageRow {
  id: string;
  date: string | null;
  direction: string; // inbound, outbound, internal
  class: string;
  subject?: string; // absent when only metadata may be seen
  snippet?: string;
  from: Person;
  to: Person[] | null;
  flags: string[] | null;
  attachments: number;
  level: "full" | "metadata";
  links: Link[] | null;
  not_logged?: string; // why links is empty
  thread: string;
}

export interface Participant {
  role: string; // from, sender, reply_to, to, cc, bcc
  address?: string;
  name?: string;
  raw?: string;
}

export interface Attachment {
  name: string;
  type: string;
  size: number;
}

export interface Copy {
  id: string;
  mailbox: string; // its address
  box: string; // name of the folder
  role?: string;
  flags?: string[] | null;
}

export interface Body {
  text: string;
  html?: string; // sanitised by the server
  quoted?: number; // offset in bytes of the UTF-8 text where quoted text begins; 0 for none
  blocked?: number; // pictures that the server replaced, because they would load from elsewhere
}

export interface Message extends Omit<MessageRow, "attachments"> {
  participants: Participant[] | null;
  marks: string[] | null;
  attachments: Attachment[] | null;
  copies: Copy[] | null;
  body?: Body;
}

export interface Trouble {
  msg: string;
  hint?: string;
  since: string | null;
}

export interface Box {
  name: string;
  role?: string;
  server: number;
  stored: number;
  skipped?: Record<string, number> | null;
  queued: number;
  retrying: number;
  dead?: Record<string, number> | null;
  balanced: boolean;
  listed: string | null;
  closed?: Trouble | null; // why the server does not open it
}

export interface Mailbox {
  id: string;
  owner?: string; // the person whose mail it is
  address: string;
  aliases?: readonly string[] | null; // other addresses that one may write from
  scopes?: readonly string[] | null; // of a consent at Google, by which it is read
  state: string;
  trouble?: Trouble | null;
  boxes: Box[] | null;
}

// Problem is an error document of the server (RFC 9457).
export interface Problem {
  status: number;
  title?: string;
  detail?: string;
  code?: string;
  field?: string;
  hint?: string;
}
