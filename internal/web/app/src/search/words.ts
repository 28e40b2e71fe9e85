import type { Catalogue } from "../words/catalogue";

interface Said {
  title: string;
  hint: string;
  results: string;
  commands: string;
  none: (asked: string) => string;
  message: string;
  make: (folder: string) => string;
  open: (screen: string) => string;
  keys: string;
}

export const said: Catalogue<Said> = {
  en: {
    title: "Search",
    hint: "Search people, deals, mail, or a command…",
    results: "Found",
    commands: "Commands",
    none: (asked) => `Nothing begins with “${asked}”.`,
    message: "Message",
    make: (folder) => `New: ${folder}`,
    open: (screen) => `Go to ${screen}`,
    keys: "↑ ↓ to choose · Enter to open · Esc to close",
  },
  fr: {
    title: "Rechercher",
    hint: "Chercher une personne, une opportunité, un message, une commande…",
    results: "Trouvé",
    commands: "Commandes",
    none: (asked) => `Rien ne commence par « ${asked} ».`,
    message: "Message",
    make: (folder) => `Nouveau : ${folder}`,
    open: (screen) => `Aller à ${screen}`,
    keys: "↑ ↓ pour choisir · Entrée pour ouvrir · Échap pour fermer",
  },
  it: {
    title: "Cerca",
    hint: "Cerca persone, opportunità, messaggi o un comando…",
    results: "Trovati",
    commands: "Comandi",
    none: (asked) => `Niente comincia con «${asked}».`,
    message: "Messaggio",
    make: (folder) => `Nuovo: ${folder}`,
    open: (screen) => `Vai a ${screen}`,
    keys: "↑ ↓ per scegliere · Invio per aprire · Esc per chiudere",
  },
  pl: {
    title: "Szukaj",
    hint: "Szukaj osób, szans, wiadomości albo polecenia…",
    results: "Znalezione",
    commands: "Polecenia",
    none: (asked) => `Nic nie zaczyna się od „${asked}”.`,
    message: "Wiadomość",
    make: (folder) => `Nowy wpis: ${folder}`,
    open: (screen) => `Przejdź: ${screen}`,
    keys: "↑ ↓ wybór · Enter otwiera · Esc zamyka",
  },
};
