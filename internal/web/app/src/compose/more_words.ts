import type { Catalogue } from "../words/catalogue";

interface Said {
  parted: string;
  partedText: string;
  there: string;
  here: string;
  both: string;
  ours: string;
  theirs: string;

  template: string;
  noTemplates: string;
  filledFor: (address: string) => string;
  filledForNobody: string;
  missing: (fields: string) => string;
  alsoSubject: (subject: string) => string;
  insert: string;
  otherTemplate: string;

  reading: string;
  ways: Readonly<Record<"" | "aggregate" | "individual", string>>;
  onlyCounted: string;
  notAllowed: string;

  forwardTitle: string;
  taking: string;
  notTaken: (names: string) => string;
  forwarded: string;
  headFrom: string;
  headDate: string;
  headSubject: string;
  headTo: string;
  headCc: string;
}

// What a letter says that is written in two places, filled from a template, tracked
// or passed on. What stands above a mail that is passed on is written as other mail
// programs write it, so that it is known for what it is.
export const more: Catalogue<Said> = {
  en: {
    parted: "This draft was also changed elsewhere.",
    partedText: "Both texts are here; nothing is saved over the other until you choose.",
    there: "Written elsewhere",
    here: "Written here",
    both: "Keep both as two drafts",
    ours: "Keep what is written here",
    theirs: "Take what was written elsewhere",
    template: "Template",
    noTemplates: "No templates yet: they are made under Templates.",
    filledFor: (address) => `Filled for ${address}`,
    filledForNobody: "Say to whom it goes first: fields about the person are empty now.",
    missing: (fields) => `Without a value: ${fields}`,
    alsoSubject: (subject) => `Also put in the subject “${subject}”`,
    insert: "Insert",
    otherTemplate: "Another one",
    reading: "Reading",
    ways: { "": "not tracked", aggregate: "counted, without names", individual: "tell me who opened it" },
    onlyCounted: "Not everybody agreed to be named: it is only counted.",
    notAllowed: "This workspace finds out nothing about the reading of single mails.",
    forwardTitle: "Forward",
    taking: "Taking along what is attached…",
    notTaken: (names) =>
      `Not taken along: ${names}. It is too large together with the rest, or not in the mailbox any more.`,
    forwarded: "Forwarded message",
    headFrom: "From",
    headDate: "Date",
    headSubject: "Subject",
    headTo: "To",
    headCc: "Cc",
  },
  fr: {
    parted: "Ce brouillon a aussi été modifié ailleurs.",
    partedText: "Les deux textes sont ici ; aucun ne remplace l’autre avant votre choix.",
    there: "Écrit ailleurs",
    here: "Écrit ici",
    both: "Garder les deux comme deux brouillons",
    ours: "Garder le texte d’ici",
    theirs: "Prendre le texte d’ailleurs",
    template: "Modèle",
    noTemplates: "Pas encore de modèle : ils se créent sous Modèles.",
    filledFor: (address) => `Rempli pour ${address}`,
    filledForNobody: "Indiquez d’abord le destinataire : les champs le concernant sont vides.",
    missing: (fields) => `Sans valeur : ${fields}`,
    alsoSubject: (subject) => `Mettre aussi l’objet « ${subject} »`,
    insert: "Insérer",
    otherTemplate: "Un autre",
    reading: "Lecture",
    ways: { "": "non suivie", aggregate: "comptée, sans les noms", individual: "me dire qui l’a ouvert" },
    onlyCounted: "Tous n’ont pas accepté d’être nommés : la lecture est seulement comptée.",
    notAllowed: "Cet espace n’observe pas la lecture des messages individuels.",
    forwardTitle: "Transfert",
    taking: "Reprise des pièces jointes…",
    notTaken: (names) => `Non repris : ${names}. Trop volumineux avec le reste, ou plus dans la boîte.`,
    forwarded: "Message transféré",
    headFrom: "De",
    headDate: "Date",
    headSubject: "Objet",
    headTo: "À",
    headCc: "Cc",
  },
  it: {
    parted: "Questa bozza è stata modificata anche altrove.",
    partedText: "Entrambi i testi sono qui; nessuno sostituisce l’altro finché non scegli.",
    there: "Scritto altrove",
    here: "Scritto qui",
    both: "Tieni entrambi come due bozze",
    ours: "Tieni il testo di qui",
    theirs: "Prendi il testo scritto altrove",
    template: "Modello",
    noTemplates: "Ancora nessun modello: si creano in Modelli.",
    filledFor: (address) => `Compilato per ${address}`,
    filledForNobody: "Indica prima il destinatario: i campi che lo riguardano sono vuoti.",
    missing: (fields) => `Senza valore: ${fields}`,
    alsoSubject: (subject) => `Inserisci anche l’oggetto “${subject}”`,
    insert: "Inserisci",
    otherTemplate: "Un altro",
    reading: "Lettura",
    ways: { "": "non tracciata", aggregate: "contata, senza nomi", individual: "dimmi chi lo ha aperto" },
    onlyCounted: "Non tutti hanno accettato di essere nominati: la lettura è solo contata.",
    notAllowed: "In questo spazio non si rileva nulla sulla lettura dei singoli messaggi.",
    forwardTitle: "Inoltro",
    taking: "Ripresa degli allegati…",
    notTaken: (names) => `Non ripreso: ${names}. Troppo grande insieme al resto, o non più nella casella.`,
    forwarded: "Messaggio inoltrato",
    headFrom: "Da",
    headDate: "Data",
    headSubject: "Oggetto",
    headTo: "A",
    headCc: "Cc",
  },
  pl: {
    parted: "Ta wersja robocza została zmieniona także gdzie indziej.",
    partedText: "Oba teksty są tutaj; żaden nie zastąpi drugiego, dopóki nie wybierzesz.",
    there: "Napisane gdzie indziej",
    here: "Napisane tutaj",
    both: "Zachowaj oba jako dwie wersje robocze",
    ours: "Zachowaj tekst stąd",
    theirs: "Weź tekst napisany gdzie indziej",
    template: "Szablon",
    noTemplates: "Nie ma jeszcze szablonów: tworzy się je w dziale Szablony.",
    filledFor: (address) => `Wypełniono dla ${address}`,
    filledForNobody: "Najpierw podaj odbiorcę: pola o nim są teraz puste.",
    missing: (fields) => `Bez wartości: ${fields}`,
    alsoSubject: (subject) => `Wstaw też temat „${subject}”`,
    insert: "Wstaw",
    otherTemplate: "Inny",
    reading: "Odczyt",
    ways: { "": "bez śledzenia", aggregate: "zliczany, bez nazwisk", individual: "powiedz, kto otworzył" },
    onlyCounted: "Nie wszyscy zgodzili się na podawanie nazwisk: odczyt jest tylko zliczany.",
    notAllowed: "W tym obszarze nie ustala się niczego o odczycie pojedynczych wiadomości.",
    forwardTitle: "Przekazanie",
    taking: "Dołączanie załączników…",
    notTaken: (names) => `Nie dołączono: ${names}. Razem z resztą za duże albo nie ma ich już w skrzynce.`,
    forwarded: "Wiadomość przekazana",
    headFrom: "Od",
    headDate: "Data",
    headSubject: "Temat",
    headTo: "Do",
    headCc: "DW",
  },
};
