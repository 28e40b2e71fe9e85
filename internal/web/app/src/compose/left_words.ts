import type { Catalogue } from "../words/catalogue";
import type { Left } from "./pictures";

// What people are told of pictures that do not go along with a letter.
export const said: Catalogue<Record<Left, string>> = {
  en: {
    within: "Pictures pasted into the text do not go along. Attach them as files, or give their https:// address.",
    insecure:
      "Pictures at an http:// address do not go along: most programs would not load them. Give an https:// address.",
    hidden: "Pictures too small to be seen do not go along: they would only tell somebody else who reads this mail.",
    nowhere: "Pictures that recipients could not load do not go along. Attach them as files.",
  },
  fr: {
    within:
      "Les images collées dans le texte ne partent pas. Joignez-les comme fichiers ou indiquez leur adresse https://.",
    insecure:
      "Les images à une adresse http:// ne partent pas : la plupart des logiciels ne les chargeraient pas. Indiquez une adresse https://.",
    hidden:
      "Les images trop petites pour être vues ne partent pas : elles diraient seulement à un tiers qui lit ce message.",
    nowhere: "Les images que les destinataires ne pourraient pas charger ne partent pas. Joignez-les comme fichiers.",
  },
  it: {
    within: "Le immagini incollate nel testo non partono. Allegale come file o indica il loro indirizzo https://.",
    insecure:
      "Le immagini a un indirizzo http:// non partono: la maggior parte dei programmi non le caricherebbe. Indica un indirizzo https://.",
    hidden: "Le immagini troppo piccole per essere viste non partono: direbbero solo a terzi chi legge il messaggio.",
    nowhere: "Le immagini che i destinatari non potrebbero caricare non partono. Allegale come file.",
  },
  pl: {
    within: "Obrazy wklejone w treść nie zostaną wysłane. Załącz je jako pliki albo podaj ich adres https://.",
    insecure:
      "Obrazy pod adresem http:// nie zostaną wysłane: większość programów ich nie wczyta. Podaj adres https://.",
    hidden:
      "Obrazy zbyt małe, by je zobaczyć, nie zostaną wysłane: mówiłyby tylko komuś obcemu, kto czyta tę wiadomość.",
    nowhere: "Obrazy, których adresaci nie mogliby wczytać, nie zostaną wysłane. Załącz je jako pliki.",
  },
};
