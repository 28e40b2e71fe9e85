import type { Catalogue } from "../words/catalogue";

interface Said {
  write: string;
  reply: string;
  replyAll: string;
  forward: string;
  begun: string;
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
    drafts: "Drafts",
    outgoing: "Outgoing",
  },
  fr: {
    write: "Nouveau message",
    reply: "Répondre",
    replyAll: "Répondre à tous",
    forward: "Transférer",
    begun: "Continuer la réponse",
    drafts: "Brouillons",
    outgoing: "Envois",
  },
  it: {
    write: "Nuovo messaggio",
    reply: "Rispondi",
    replyAll: "Rispondi a tutti",
    forward: "Inoltra",
    begun: "Continua la risposta",
    drafts: "Bozze",
    outgoing: "In uscita",
  },
  pl: {
    write: "Nowa wiadomość",
    reply: "Odpowiedz",
    replyAll: "Odpowiedz wszystkim",
    forward: "Przekaż dalej",
    begun: "Dokończ odpowiedź",
    drafts: "Wersje robocze",
    outgoing: "Wychodzące",
  },
};
