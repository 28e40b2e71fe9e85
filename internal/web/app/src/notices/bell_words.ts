import type { Catalogue } from "../words/catalogue";

// What the bar says of notices: it comes with the first look.
export const said: Catalogue<{ title: string; unread: (n: string) => string }> = {
  en: { title: "Notices", unread: (n) => `Notices: ${n} unread` },
  fr: { title: "Avis", unread: (n) => `Avis : ${n} non lus` },
  it: { title: "Avvisi", unread: (n) => `Avvisi: ${n} non letti` },
  pl: { title: "Powiadomienia", unread: (n) => `Powiadomienia: ${n} nieprzeczytanych` },
};
