import type { Catalogue } from "../words/catalogue";

interface Said {
  today: string;
  before: string;
  after: string;
  by: string;
  more: (n: number) => string;
  cut: string;
  none: string;
}

export const said: Catalogue<Said> = {
  en: {
    today: "Today",
    before: "Month before",
    after: "Month after",
    by: "What it shows",
    more: (n) => `+${n}`,
    cut: "There are more than are shown.",
    none: "Nothing falls into these weeks.",
  },
  fr: {
    today: "Aujourd’hui",
    before: "Mois précédent",
    after: "Mois suivant",
    by: "Contenu",
    more: (n) => `+${n}`,
    cut: "Il y en a plus que ce qui est montré.",
    none: "Rien ne tombe dans ces semaines.",
  },
  it: {
    today: "Oggi",
    before: "Mese precedente",
    after: "Mese successivo",
    by: "Che cosa mostra",
    more: (n) => `+${n}`,
    cut: "Ce ne sono più di quelli mostrati.",
    none: "Niente cade in queste settimane.",
  },
  pl: {
    today: "Dzisiaj",
    before: "Poprzedni miesiąc",
    after: "Następny miesiąc",
    by: "Co pokazuje",
    more: (n) => `+${n}`,
    cut: "Jest ich więcej, niż widać.",
    none: "Nic nie przypada na te tygodnie.",
  },
};
