import type { Catalogue } from "../words/catalogue";

interface Said {
  write: string;
  reply: string;
  replyAll: string;
  forward: string;
  begun: string;
  forwardBegun: string;
  drafts: string;
  outgoing: string;
}

// What the inbox says of writing: it comes with the first look.
export const said: Catalogue<Said> = {
  en: {
    write: "New mail",
    reply: "Reply",
    replyAll: "Reply to all",
    forward: "Forward",
    begun: "Go on with your reply",
    forwardBegun: "Go on with your forward",
    drafts: "Drafts",
    outgoing: "Outgoing",
  },
  fr: {
    write: "Nouveau message",
    reply: "Répondre",
    replyAll: "Répondre à tous",
    forward: "Transférer",
    begun: "Continuer la réponse",
    forwardBegun: "Continuer le transfert",
    drafts: "Brouillons",
    outgoing: "Envois",
  },
  it: {
    write: "Nuovo messaggio",
    reply: "Rispondi",
    replyAll: "Rispondi a tutti",
    forward: "Inoltra",
    begun: "Continua la risposta",
    forwardBegun: "Continua l’inoltro",
    drafts: "Bozze",
    outgoing: "In uscita",
  },
  pl: {
    write: "Nowa wiadomość",
    reply: "Odpowiedz",
    replyAll: "Odpowiedz wszystkim",
    forward: "Przekaż dalej",
    begun: "Dokończ odpowiedź",
    forwardBegun: "Dokończ przekazywanie",
    drafts: "Wersje robocze",
    outgoing: "Wychodzące",
  },
};
