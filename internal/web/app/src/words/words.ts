import { createContext, useContext } from "react";
import type { DeskWords } from "./desk/desk";
import { en } from "./en";
import { fr } from "./fr";
import { it } from "./it";
import { pl } from "./pl";

type Named = Readonly<Record<string, string>>;

// Words is everything that this app says to a person. A catalogue that lacks an
// entry does not compile. Names of stored values (marks, states, …) may be
// missing, because the server may know newer ones: see nameOf.
export interface Words {
  desk: DeskWords;

  signOut: string;
  back: string;
  retry: string;
  loading: string;
  unreachable: string;
  unreachableHint: string;
  failed: string;
  kept: string;

  signInTitle: string;
  signInEnter: string;
  showPassword: string;
  signInEmail: string;
  signInPassword: string;
  signInCode: string;
  signInCodeHow: string;
  signInGoogle: string;
  signInAgain: string;
  signInRefused: string;
  signInHow: string;
  signInBusy: string;
  signInFailed: string;

  mail: string;
  all: string;
  timelineOf: (name: string) => string;
  thisRecord: string;
  loadMore: string;
  keys: string;
  to: (names: string) => string;
  nobody: string;
  noSubject: string;
  subjectHidden: string;
  unread: string;
  attachments: (n: number) => string;
  today: string;
  yesterday: string;

  noMailboxTitle: string;
  noMailboxText: string;
  noMailTitle: string;
  noMailText: string;
  noneOfRecordTitle: string;
  noneOfRecordText: string;

  pickTitle: string;
  pickText: string;
  message: string;
  from: string;
  roles: Named;
  more: (n: number) => string;
  showAll: string;
  loggedOn: (because: string) => [before: string, after: string]; // around the name of the record
  because: string;
  notLogged: string;
  nots: Named;
  hiddenText: string;
  askFor: string;
  askedFor: string;
  cannotAsk: string;
  showPictures: string;
  noText: string;
  notFetched: string;
  quoted: string;
  asText: string;
  asWritten: string;
  blocked: (n: number) => string;
  liesIn: (box: string, mailbox: string) => string;
  files: string;
  classes: Named;
  directions: Named;
  kinds: Named;
  marks: Named;

  card: string;
  cardFailed: string;
  menu: string;
  showMore: (n: number) => string;
  showLess: string;
  required: string;
  unknownWidget: (name: string) => string;
  dismiss: string;

  simulator: string;
  simulatorOnly: string;
  simulatorHome: string;
  simulatorSettings: string;
  simulatorWrite: string;
  simulatorInsert: string;
  simulatorSubject: string;
  simulatorTo: string;
  simulatorAsks: string;
  simulatorAllow: string;
  simulatorRefuse: string;
  simulatorWithdraw: string;
  simulatorText: string;

  mailboxes: string;
  noMailboxes: string;
  synced: string;
  syncing: (done: string, total: string) => string;
  rate: (n: string) => string;
  left: (time: string) => string;
  attention: string;
  onServer: string;
  stored: string;
  skipped: string;
  queued: string;
  retrying: string;
  dead: string;
  balanced: string;
  unbalanced: string;
  folder: string;
  folders: (n: number) => string;
  listed: (time: string) => string;
  since: (time: string) => string;
  states: Named;
  reasons: Named;
}

// Tongue is a language: its words, and its tag for dates and numbers.
export interface Tongue {
  tag: string;
  words: Words;
}

const catalogues: Readonly<Record<string, Words>> = { en, fr, it, pl };

// English without a region has the day before the month, as the sidebar and mails
// of ours write it; Intl alone would take it for that of the United States.
const usual: Readonly<Record<string, string>> = { en: "en-GB" };

// tongueFor picks the first wanted language that there is a catalogue for. A
// region that goes with it is kept, so that dates look as their reader expects.
export function tongueFor(wanted: readonly string[]): Tongue {
  for (const tag of wanted) {
    const language = tag.slice(0, 2).toLowerCase();
    const words = catalogues[language];
    const region = wanted.map(valid).find((other) => other.startsWith(`${language}-`));
    if (words) return { tag: region ?? usual[language] ?? language, words };
  }
  return { tag: "en-GB", words: en };
}

// valid writes a tag as Intl wants it, or as nothing when it is none.
function valid(tag: string): string {
  try {
    return Intl.getCanonicalLocales(tag.replace("_", "-"))[0] ?? "";
  } catch {
    return "";
  }
}

// nameOf says a stored value in words; a value newer than this app is made
// readable as well as can be.
export function nameOf(names: Named, value: string): string {
  return names[value] ?? value.replaceAll("_", " ");
}

export const TongueContext = createContext<Tongue>({ tag: "en", words: en });

export const useTongue = () => useContext(TongueContext);
export const useWords = () => useContext(TongueContext).words;
