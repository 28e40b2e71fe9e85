import type { Catalogue } from "../words/catalogue";

type Named = Readonly<Record<string, string>>;

interface Said {
  title: string;
  none: string;
  noneText: string;
  readAll: string;
  choices: string;
  kinds: Readonly<Record<string, (who: string) => string>>;
  asks: string;
  asksText: (who: string) => string;
  levels: Named;
  grant: string;
  refuse: string;
  granted: string;
  refused: string;
  mine: string;
  states: Named;
  openings: string;
  openingsText: string;
  ways: Named;
}

// What is said of what one is told, of requests to read and of who read what.
export const said: Catalogue<Said> = {
  en: {
    title: "Notices",
    none: "Nothing new",
    noneText: "Reminders, tasks that others give you, mentions, and requests to read your mail appear here.",
    readAll: "Mark all as read",
    choices: "Choose what you are told",
    kinds: {
      reminder: () => "Reminder",
      due: () => "Due today",
      assigned: (who) => `${who} gave you a task`,
      mention: (who) => `${who} named you`,
      reply: (who) => `${who} answered`,
      asked: (who) => `${who} asks to read a mail of yours`,
      granted: (who) => `${who} lets you read a mail`,
      refused: (who) => `${who} does not let you read a mail`,
    },
    asks: "They ask to read your mail",
    asksText: (who) => `${who} asks to read`,
    levels: { subject: "the subject", full: "all of it" },
    grant: "Let them read it",
    refuse: "Refuse",
    granted: "They may read it now",
    refused: "Refused",
    mine: "What you asked to read",
    states: { open: "Waits", granted: "Granted", refused: "Refused" },
    openings: "Who opened your mail",
    openingsText: "Nobody but you opened your mail.",
    ways: { body: "text", file: "attachment" },
  },
  fr: {
    title: "Avis",
    none: "Rien de neuf",
    noneText:
      "Ici apparaissent les rappels, les tâches reçues, les mentions et les demandes de lecture de vos messages.",
    readAll: "Tout marquer comme lu",
    choices: "Choisir ce dont on vous avertit",
    kinds: {
      reminder: () => "Rappel",
      due: () => "À faire aujourd’hui",
      assigned: (who) => `${who} vous a confié une tâche`,
      mention: (who) => `${who} vous a cité`,
      reply: (who) => `${who} a répondu`,
      asked: (who) => `${who} demande à lire un de vos messages`,
      granted: (who) => `${who} vous laisse lire un message`,
      refused: (who) => `${who} ne vous laisse pas lire un message`,
    },
    asks: "On demande à lire vos messages",
    asksText: (who) => `${who} demande à lire`,
    levels: { subject: "l’objet", full: "le message entier" },
    grant: "Laisser lire",
    refuse: "Refuser",
    granted: "La lecture est permise",
    refused: "Refusé",
    mine: "Ce que vous demandez à lire",
    states: { open: "En attente", granted: "Accordé", refused: "Refusé" },
    openings: "Qui a ouvert vos messages",
    openingsText: "Personne d’autre que vous n’a ouvert vos messages.",
    ways: { body: "texte", file: "pièce jointe" },
  },
  it: {
    title: "Avvisi",
    none: "Niente di nuovo",
    noneText: "Qui appaiono i promemoria, le attività ricevute, le menzioni e le richieste di leggere i tuoi messaggi.",
    readAll: "Segna tutto come letto",
    choices: "Scegli di che cosa essere avvisato",
    kinds: {
      reminder: () => "Promemoria",
      due: () => "Scade oggi",
      assigned: (who) => `${who} ti ha affidato un’attività`,
      mention: (who) => `${who} ti ha menzionato`,
      reply: (who) => `${who} ha risposto`,
      asked: (who) => `${who} chiede di leggere un tuo messaggio`,
      granted: (who) => `${who} ti lascia leggere un messaggio`,
      refused: (who) => `${who} non ti lascia leggere un messaggio`,
    },
    asks: "Chiedono di leggere i tuoi messaggi",
    asksText: (who) => `${who} chiede di leggere`,
    levels: { subject: "l’oggetto", full: "tutto il messaggio" },
    grant: "Consenti la lettura",
    refuse: "Rifiuta",
    granted: "Ora può leggerlo",
    refused: "Rifiutato",
    mine: "Che cosa hai chiesto di leggere",
    states: { open: "In attesa", granted: "Concesso", refused: "Rifiutato" },
    openings: "Chi ha aperto i tuoi messaggi",
    openingsText: "Nessuno oltre a te ha aperto i tuoi messaggi.",
    ways: { body: "testo", file: "allegato" },
  },
  pl: {
    title: "Powiadomienia",
    none: "Nic nowego",
    noneText: "Tu pojawiają się przypomnienia, przydzielone zadania, wzmianki i prośby o wgląd w Twoją pocztę.",
    readAll: "Oznacz wszystkie jako przeczytane",
    choices: "Wybierz, o czym chcesz wiedzieć",
    kinds: {
      reminder: () => "Przypomnienie",
      due: () => "Termin dzisiaj",
      assigned: (who) => `Nowe zadanie od: ${who}`,
      mention: (who) => `Wzmianka o Tobie: ${who}`,
      reply: (who) => `Odpowiedź: ${who}`,
      asked: (who) => `Prośba o wgląd w wiadomość: ${who}`,
      granted: (who) => `Zgoda na wgląd w wiadomość: ${who}`,
      refused: (who) => `Odmowa wglądu w wiadomość: ${who}`,
    },
    asks: "Prośby o wgląd w Twoją pocztę",
    asksText: (who) => `${who} prosi o wgląd w`,
    levels: { subject: "temat", full: "całą wiadomość" },
    grant: "Pozwól czytać",
    refuse: "Odmów",
    granted: "Wgląd przyznany",
    refused: "Odmówiono",
    mine: "O wgląd w co prosisz",
    states: { open: "Czeka", granted: "Zgoda", refused: "Odmowa" },
    openings: "Kto otwierał Twoją pocztę",
    openingsText: "Nikt poza Tobą nie otwierał Twojej poczty.",
    ways: { body: "tekst", file: "załącznik" },
  },
};
