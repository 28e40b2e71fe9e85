import type { Catalogue } from "../words/catalogue";

interface Said {
  where: string;
  help: string;
  with: string;
  subject: string;
  day: string;
  id: string;
  look: string;
  none: string;
  more: string;
  closed: string;
  noSubject: string;
  unreadable: string;
}

// Words of the question where a mail is.
export const said: Catalogue<Said> = {
  en: {
    where: "Where is this mail?",
    help: "The mail server is asked. Say what you know of it, or its Message-ID alone.",
    with: "Who is in it",
    subject: "Words of its subject",
    day: "Day it arrived",
    id: "Message-ID",
    look: "Look",
    none: "The server of this mailbox has no such mail. If you know that it was sent, its sender may have got an error, or a rule of the mailbox threw it away.",
    more: "Others fit, too. Say more of the mail.",
    closed: "Not looked through, because the mail server does not open them to this account:",
    noSubject: "(no subject)",
    unreadable: "The server does not hand out its header",
  },
  fr: {
    where: "Où est ce message ?",
    help: "Le serveur de messagerie est interrogé. Dites ce que vous en savez, ou seulement son Message-ID.",
    with: "Qui y figure",
    subject: "Mots de son objet",
    day: "Jour d’arrivée",
    id: "Message-ID",
    look: "Chercher",
    none: "Le serveur de cette boîte n’a pas ce message. S’il a bien été envoyé, son expéditeur a peut-être reçu une erreur, ou une règle de la boîte l’a supprimé.",
    more: "D’autres correspondent aussi. Précisez davantage.",
    closed: "Non parcourus, car le serveur de messagerie ne les ouvre pas à ce compte :",
    noSubject: "(sans objet)",
    unreadable: "Le serveur n’en donne pas l’en-tête",
  },
  it: {
    where: "Dov’è questo messaggio?",
    help: "Viene interrogato il server di posta. Scriva ciò che ne sa, oppure solo il Message-ID.",
    with: "Chi vi compare",
    subject: "Parole dell’oggetto",
    day: "Giorno di arrivo",
    id: "Message-ID",
    look: "Cerca",
    none: "Il server di questa casella non ha questo messaggio. Se è stato inviato, il mittente può avere ricevuto un errore, oppure una regola della casella lo ha eliminato.",
    more: "Ce ne sono altri che corrispondono. Dia più dettagli.",
    closed: "Non esaminate, perché il server di posta non le apre a questo account:",
    noSubject: "(nessun oggetto)",
    unreadable: "Il server non ne consegna l’intestazione",
  },
  pl: {
    where: "Gdzie jest ta wiadomość?",
    help: "Zapytamy serwer poczty. Podaj, co o niej wiesz, albo sam Message-ID.",
    with: "Kto w niej występuje",
    subject: "Słowa z tematu",
    day: "Dzień nadejścia",
    id: "Message-ID",
    look: "Szukaj",
    none: "Serwer tej skrzynki nie ma takiej wiadomości. Jeśli na pewno ją wysłano, nadawca mógł dostać błąd albo usunęła ją reguła skrzynki.",
    more: "Pasują też inne. Podaj więcej szczegółów.",
    closed: "Nieprzeszukane, bo serwer poczty nie otwiera ich temu kontu:",
    noSubject: "(bez tematu)",
    unreadable: "Serwer nie wydaje jej nagłówka",
  },
};
