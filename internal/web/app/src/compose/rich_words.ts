import type { Catalogue } from "../words/catalogue";

interface Said {
  formatting: string;
  plain: string;
  plainSure: string;
  bold: string;
  italic: string;
  bullets: string;
  numbers: string;
  quote: string;
  link: string;
  address: string;
  picture: string;
  pictureAddress: string;
  put: string;
  waits: string;
}

// What the tools say by which text is formatted.
export const said: Catalogue<Said> = {
  en: {
    formatting: "Formatting",
    plain: "Plain text",
    plainSure: "Really drop the formatting?",
    bold: "Bold",
    italic: "Italic",
    bullets: "Bulleted list",
    numbers: "Numbered list",
    quote: "Quote",
    link: "Link",
    address: "Where the link leads",
    picture: "Picture",
    pictureAddress: "Address of the picture",
    put: "Put it there",
    waits: "The tools for formatted text are on their way. Your text is kept.",
  },
  fr: {
    formatting: "Mise en forme",
    plain: "Texte brut",
    plainSure: "Vraiment enlever la mise en forme ?",
    bold: "Gras",
    italic: "Italique",
    bullets: "Liste à puces",
    numbers: "Liste numérotée",
    quote: "Citation",
    link: "Lien",
    address: "Adresse du lien",
    picture: "Image",
    pictureAddress: "Adresse de l’image",
    put: "Insérer",
    waits: "Les outils de mise en forme arrivent. Votre texte est conservé.",
  },
  it: {
    formatting: "Formattazione",
    plain: "Testo semplice",
    plainSure: "Togliere davvero la formattazione?",
    bold: "Grassetto",
    italic: "Corsivo",
    bullets: "Elenco puntato",
    numbers: "Elenco numerato",
    quote: "Citazione",
    link: "Collegamento",
    address: "Indirizzo del collegamento",
    picture: "Immagine",
    pictureAddress: "Indirizzo dell’immagine",
    put: "Inserisci",
    waits: "Gli strumenti di formattazione stanno arrivando. Il tuo testo è conservato.",
  },
  pl: {
    formatting: "Formatowanie",
    plain: "Zwykły tekst",
    plainSure: "Na pewno usunąć formatowanie?",
    bold: "Pogrubienie",
    italic: "Kursywa",
    bullets: "Lista punktowana",
    numbers: "Lista numerowana",
    quote: "Cytat",
    link: "Odnośnik",
    address: "Adres odnośnika",
    picture: "Obraz",
    pictureAddress: "Adres obrazu",
    put: "Wstaw",
    waits: "Narzędzia formatowania są w drodze. Twój tekst jest zachowany.",
  },
};
