import type { Catalogue } from "../words/catalogue";

// By which rule a mail came to a record, as the server names it.
type Rules = Readonly<Record<string, string>>;

export const rules: Catalogue<Rules> = {
  en: {
    address: "address",
    domain: "domain",
    contact: "contact’s company",
    thread: "conversation",
    only_deal: "only open deal",
    deal_words: "words of the deal",
    deal_people: "people of the deal",
    deal_thread: "deal of the conversation",
    deal_next: "next deal of the conversation",
    user_rule: "a rule of your team",
    answer: "a person’s answer",
  },
  fr: {
    address: "adresse",
    domain: "domaine",
    contact: "entreprise du contact",
    thread: "conversation",
    only_deal: "seule opportunité ouverte",
    deal_words: "mots de l’opportunité",
    deal_people: "personnes de l’opportunité",
    deal_thread: "opportunité de la conversation",
    deal_next: "opportunité suivante de la conversation",
    user_rule: "une règle de votre équipe",
    answer: "la réponse d’une personne",
  },
  it: {
    address: "indirizzo",
    domain: "dominio",
    contact: "azienda del contatto",
    thread: "conversazione",
    only_deal: "unica opportunità aperta",
    deal_words: "parole dell’opportunità",
    deal_people: "persone dell’opportunità",
    deal_thread: "opportunità della conversazione",
    deal_next: "opportunità successiva della conversazione",
    user_rule: "una regola del tuo team",
    answer: "la risposta di una persona",
  },
  pl: {
    address: "adres",
    domain: "domena",
    contact: "firma kontaktu",
    thread: "rozmowa",
    only_deal: "jedyna otwarta szansa",
    deal_words: "słowa szansy",
    deal_people: "osoby szansy",
    deal_thread: "szansa tej rozmowy",
    deal_next: "następna szansa tej rozmowy",
    user_rule: "reguła Twojego zespołu",
    answer: "odpowiedź osoby",
  },
};
