import type { Catalogue } from "../words/catalogue";

interface Said {
  none: string;
  noneText: string;
  folder: string;
  alike: (field: string, value: string) => string;
  compare: string;
  merge: string;
  stays: string;
  joined: string;
  differ: string;
  same: string;
  chosen: string;
  does: string;
  done: string;
  nothing: string;
  nothingText: string;
}

export const said: Catalogue<Said> = {
  en: {
    none: "No duplicates",
    noneText:
      "No two records of this folder agree in an address, a phone or another field by which they would be taken for the same.",
    folder: "Folder",
    alike: (field, value) => `Same ${field}: ${value}`,
    compare: "Compare",
    merge: "Merge",
    stays: "Stays",
    joined: "All of them",
    differ: "Where they differ",
    same: "They agree in every field.",
    chosen: "Result",
    does: "What points to the others, their addresses and their mail follow. It can be undone.",
    done: "Merged",
    nothing: "Nothing to merge",
    nothingText: "Choose two records in the list of duplicates.",
  },
  fr: {
    none: "Aucun doublon",
    noneText:
      "Dans ce dossier, aucune fiche n’a en commun avec une autre une adresse, un téléphone ou un autre champ qui les ferait prendre pour la même.",
    folder: "Dossier",
    alike: (field, value) => `Même ${field} : ${value}`,
    compare: "Comparer",
    merge: "Fusionner",
    stays: "Reste",
    joined: "Toutes",
    differ: "Différences",
    same: "Tous les champs concordent.",
    chosen: "Résultat",
    does: "Ce qui renvoie aux autres, leurs adresses et leurs messages suivent. Cela peut être annulé.",
    done: "Fusionné",
    nothing: "Rien à fusionner",
    nothingText: "Choisissez deux fiches dans la liste des doublons.",
  },
  it: {
    none: "Nessun duplicato",
    noneText:
      "In questa cartella nessuna scheda ha in comune con un’altra un indirizzo, un telefono o un altro campo che le faccia ritenere la stessa.",
    folder: "Cartella",
    alike: (field, value) => `Stesso ${field}: ${value}`,
    compare: "Confronta",
    merge: "Unisci",
    stays: "Resta",
    joined: "Tutti",
    differ: "Dove differiscono",
    same: "Tutti i campi coincidono.",
    chosen: "Risultato",
    does: "Ciò che rimanda alle altre, i loro indirizzi e messaggi seguono. Si può annullare.",
    done: "Unite",
    nothing: "Niente da unire",
    nothingText: "Scegli due schede nell’elenco dei duplicati.",
  },
  pl: {
    none: "Brak duplikatów",
    noneText:
      "W tym folderze żadne dwa wpisy nie mają wspólnego adresu, telefonu ani innego pola, po którym uznano by je za ten sam.",
    folder: "Folder",
    alike: (field, value) => `To samo pole ${field}: ${value}`,
    compare: "Porównaj",
    merge: "Scal",
    stays: "Zostaje",
    joined: "Wszystkie",
    differ: "Czym się różnią",
    same: "Wszystkie pola są zgodne.",
    chosen: "Wynik",
    does: "To, co wskazuje na pozostałe, ich adresy i wiadomości przechodzą. Można to cofnąć.",
    done: "Scalono",
    nothing: "Nie ma czego scalać",
    nothingText: "Wybierz dwa wpisy z listy duplikatów.",
  },
};
