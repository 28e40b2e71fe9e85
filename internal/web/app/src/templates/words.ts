import type { Catalogue } from "../words/catalogue";

interface Said {
  emails: string;
  snippets: string;
  newEmail: string;
  newSnippet: string;
  none: string;
  noneText: string;
  edit: string;
  mine: string;
  sureRemove: (name: string) => string;
}

export const said: Catalogue<Said> = {
  en: {
    emails: "Letters",
    snippets: "Snippets",
    newEmail: "New letter",
    newSnippet: "New snippet",
    none: "No template yet",
    noneText:
      "A letter is what campaigns, sequences and the sidebar in Gmail send. A snippet is a piece of text that is put into a mail while you write it. Both fill in fields of the contact and the deal.",
    edit: "Edit",
    mine: "only yours",
    sureRemove: (name) => `Remove “${name}”? What is under way keeps the letter as it was.`,
  },
  fr: {
    emails: "Lettres",
    snippets: "Extraits",
    newEmail: "Nouvelle lettre",
    newSnippet: "Nouvel extrait",
    none: "Aucun modèle",
    noneText:
      "Une lettre est ce qu’envoient campagnes, séquences et la barre latérale de Gmail. Un extrait est un bout de texte inséré pendant que vous écrivez. Les deux remplissent les champs du contact et de l’opportunité.",
    edit: "Modifier",
    mine: "à vous seul",
    sureRemove: (name) => `Supprimer « ${name} » ? Ce qui est en cours garde la lettre telle quelle.`,
  },
  it: {
    emails: "Lettere",
    snippets: "Frammenti",
    newEmail: "Nuova lettera",
    newSnippet: "Nuovo frammento",
    none: "Nessun modello",
    noneText:
      "Una lettera è ciò che inviano campagne, sequenze e la barra laterale di Gmail. Un frammento è un pezzo di testo inserito mentre scrivi. Entrambi riempiono i campi del contatto e dell’opportunità.",
    edit: "Modifica",
    mine: "solo tuo",
    sureRemove: (name) => `Rimuovere «${name}»? Ciò che è in corso mantiene la lettera com’era.`,
  },
  pl: {
    emails: "Listy",
    snippets: "Wstawki",
    newEmail: "Nowy list",
    newSnippet: "Nowa wstawka",
    none: "Nie ma jeszcze szablonów",
    noneText:
      "List to to, co wysyłają kampanie, sekwencje i pasek boczny w Gmailu. Wstawka to kawałek tekstu dodawany podczas pisania. Oba wypełniają pola kontaktu i szansy.",
    edit: "Edytuj",
    mine: "tylko Twój",
    sureRemove: (name) => `Usunąć „${name}”? To, co jest w toku, zachowa list w dotychczasowej postaci.`,
  },
};
