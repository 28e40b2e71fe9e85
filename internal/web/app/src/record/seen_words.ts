import type { Catalogue } from "../words/catalogue";

// What a timeline says of a mail that tells that it is read.
export const said: Catalogue<{
  opened: (n: string, when: string) => string;
  clicked: (n: string) => string;
  programs: (n: string) => string;
  unopened: string;
}> = {
  en: {
    opened: (n, when) => `Opened ${n}×${when ? `, first ${when}` : ""}`,
    clicked: (n) => `clicked ${n}×`,
    programs: (n) => `by programs ${n}×`,
    unopened: "Not opened by a person yet",
  },
  fr: {
    opened: (n, when) => `Ouvert ${n}×${when ? `, d’abord ${when}` : ""}`,
    clicked: (n) => `${n} clic(s)`,
    programs: (n) => `par des programmes ${n}×`,
    unopened: "Pas encore ouvert par une personne",
  },
  it: {
    opened: (n, when) => `Aperto ${n}×${when ? `, la prima volta ${when}` : ""}`,
    clicked: (n) => `${n} clic`,
    programs: (n) => `da programmi ${n}×`,
    unopened: "Non ancora aperto da una persona",
  },
  pl: {
    opened: (n, when) => `Otwarto ${n}×${when ? `, po raz pierwszy ${when}` : ""}`,
    clicked: (n) => `kliknięto ${n}×`,
    programs: (n) => `przez programy ${n}×`,
    unopened: "Nikt jeszcze nie otworzył",
  },
};
