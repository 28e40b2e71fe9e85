import type { Catalogue } from "../words/catalogue";

// What is asked about tracking.
export const said: Catalogue<{
  title: string;
  single: string;
  singleText: string;
  off: string;
  aggregate: string;
  individual: string;
  consent: string;
  note: string;
}> = {
  en: {
    title: "Tracking of mail",
    single: "Single mails",
    singleText: "The most that a colleague may find out about the reading of a mail",
    off: "Nothing",
    aggregate: "How many are opened, not by whom",
    individual: "Who opens them",
    consent: "By name only of people who agreed, in campaigns, too",
    note: "Openings by programs are counted apart and never decide anything.",
  },
  fr: {
    title: "Suivi des messages",
    single: "Messages isolés",
    singleText: "Le maximum qu’un collègue peut apprendre de la lecture d’un message",
    off: "Rien",
    aggregate: "Combien sont ouverts, pas par qui",
    individual: "Qui les ouvre",
    consent: "Nominativement, seulement les personnes qui ont consenti, aussi dans les campagnes",
    note: "Les ouvertures par des programmes sont comptées à part et ne déclenchent rien.",
  },
  it: {
    title: "Tracciamento dei messaggi",
    single: "Messaggi singoli",
    singleText: "Il massimo che un collega può sapere della lettura di un messaggio",
    off: "Nulla",
    aggregate: "Quanti vengono aperti, non da chi",
    individual: "Chi li apre",
    consent: "Per nome solo di chi ha acconsentito, anche nelle campagne",
    note: "Le aperture da parte di programmi sono contate a parte e non decidono nulla.",
  },
  pl: {
    title: "Śledzenie wiadomości",
    single: "Pojedyncze wiadomości",
    singleText: "Najwięcej, czego współpracownik może się dowiedzieć o czytaniu wiadomości",
    off: "Nic",
    aggregate: "Ile z nich otwarto, a nie przez kogo",
    individual: "Kto je otwiera",
    consent: "Imiennie tylko osoby, które wyraziły zgodę, także w kampaniach",
    note: "Otwarcia przez programy są liczone osobno i o niczym nie decydują.",
  },
};
