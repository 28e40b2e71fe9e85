import type { Catalogue } from "../words/catalogue";

type Named = Readonly<Record<string, string>>;

interface Said {
  none: string;
  noneText: string;
  make: string;
  steps: string;
  step: (n: number) => string;
  letter: string;
  wait: string;
  fresh: string;
  only: string;
  addStep: string;
  up: string;
  down: string;
  stopOnDeal: string;
  statuses: Named;
  begin: string;
  goOn: string;
  draftText: string;
  enrol: string;
  enrolText: string;
  audience: string;
  enrolled: string;
  people: string;
  states: Named;
  due: (when: string) => string;
  at: (step: number, steps: number) => string;
  takeOut: string;
  nobody: string;
  edit: string;
}

export const said: Catalogue<Said> = {
  en: {
    none: "No sequence yet",
    noneText:
      "A sequence writes to a person step by step, working days apart, until they answer. Each letter continues the conversation of the one before, and an answer, a bounce or a no ends it by itself.",
    make: "New sequence",
    steps: "Steps",
    step: (n) => `Step ${n}`,
    letter: "Letter",
    wait: "Working days to wait",
    fresh: "Begins a new conversation",
    only: "Only if (a query)",
    addStep: "Add a step",
    up: "Move up",
    down: "Move down",
    stopOnDeal: "Ends for a person when a deal of theirs moves on",
    statuses: { draft: "Draft", active: "Sends", paused: "Paused" },
    begin: "Let it send",
    goOn: "Go on sending",
    draftText: "Nothing goes out until you let it send.",
    enrol: "Put people in",
    enrolText: "Whoever is in it already, unsubscribed, or cannot be written to is left out, with the reason.",
    audience: "Whom (a query over contacts)",
    enrolled: "They are being put in",
    people: "Who is in it",
    states: {
      active: "On the way",
      paused: "Paused",
      finished: "Through",
      stopped: "Stopped",
      left: "Taken out",
      excluded: "Left out",
    },
    due: (when) => `next ${when}`,
    at: (step, steps) => `${step} of ${steps}`,
    takeOut: "Take out",
    nobody: "Nobody is in it yet.",
    edit: "Edit",
  },
  fr: {
    none: "Aucune séquence",
    noneText:
      "Une séquence écrit à une personne pas à pas, à jours ouvrés d’intervalle, jusqu’à sa réponse. Chaque lettre continue la conversation ; une réponse, un rejet ou un refus y met fin.",
    make: "Nouvelle séquence",
    steps: "Étapes",
    step: (n) => `Étape ${n}`,
    letter: "Lettre",
    wait: "Jours ouvrés d’attente",
    fresh: "Commence une nouvelle conversation",
    only: "Seulement si (une requête)",
    addStep: "Ajouter une étape",
    up: "Monter",
    down: "Descendre",
    stopOnDeal: "S’arrête quand une opportunité de la personne avance",
    statuses: { draft: "Brouillon", active: "Envoie", paused: "En pause" },
    begin: "Laisser envoyer",
    goOn: "Reprendre l’envoi",
    draftText: "Rien ne part avant que vous ne laissiez envoyer.",
    enrol: "Ajouter des personnes",
    enrolText: "Qui y est déjà, s’est désabonné ou ne peut être joint est laissé de côté, avec la raison.",
    audience: "Qui (une requête sur les contacts)",
    enrolled: "Ajout en cours",
    people: "Qui y est",
    states: {
      active: "En route",
      paused: "En pause",
      finished: "Au bout",
      stopped: "Arrêtée",
      left: "Retirée",
      excluded: "Écartée",
    },
    due: (when) => `suivante ${when}`,
    at: (step, steps) => `${step} sur ${steps}`,
    takeOut: "Retirer",
    nobody: "Personne n’y est encore.",
    edit: "Modifier",
  },
  it: {
    none: "Nessuna sequenza",
    noneText:
      "Una sequenza scrive a una persona passo per passo, a giorni lavorativi di distanza, finché risponde. Ogni lettera continua la conversazione; una risposta, un rimbalzo o un no la chiude da sé.",
    make: "Nuova sequenza",
    steps: "Passi",
    step: (n) => `Passo ${n}`,
    letter: "Lettera",
    wait: "Giorni lavorativi di attesa",
    fresh: "Inizia una nuova conversazione",
    only: "Solo se (una query)",
    addStep: "Aggiungi un passo",
    up: "Sposta su",
    down: "Sposta giù",
    stopOnDeal: "Finisce quando un’opportunità della persona avanza",
    statuses: { draft: "Bozza", active: "Invia", paused: "In pausa" },
    begin: "Lascia inviare",
    goOn: "Riprendi l’invio",
    draftText: "Nulla parte finché non lasci inviare.",
    enrol: "Metti persone",
    enrolText: "Chi c’è già, si è disiscritto o non si può raggiungere resta fuori, con il motivo.",
    audience: "Chi (una query sui contatti)",
    enrolled: "Vengono messe dentro",
    people: "Chi c’è",
    states: {
      active: "In corso",
      paused: "In pausa",
      finished: "Alla fine",
      stopped: "Fermata",
      left: "Tolta",
      excluded: "Esclusa",
    },
    due: (when) => `prossima ${when}`,
    at: (step, steps) => `${step} di ${steps}`,
    takeOut: "Togli",
    nobody: "Non c’è ancora nessuno.",
    edit: "Modifica",
  },
  pl: {
    none: "Nie ma jeszcze sekwencji",
    noneText:
      "Sekwencja pisze do osoby krok po kroku, co kilka dni roboczych, aż ta odpowie. Każdy list kontynuuje rozmowę, a odpowiedź, zwrot lub odmowa kończy ją samoczynnie.",
    make: "Nowa sekwencja",
    steps: "Kroki",
    step: (n) => `Krok ${n}`,
    letter: "List",
    wait: "Dni robocze czekania",
    fresh: "Zaczyna nową rozmowę",
    only: "Tylko jeśli (zapytanie)",
    addStep: "Dodaj krok",
    up: "W górę",
    down: "W dół",
    stopOnDeal: "Kończy się dla osoby, gdy jej szansa przechodzi dalej",
    statuses: { draft: "Szkic", active: "Wysyła", paused: "Wstrzymana" },
    begin: "Pozwól wysyłać",
    goOn: "Wznów wysyłanie",
    draftText: "Nic nie wyjdzie, dopóki na to nie pozwolisz.",
    enrol: "Dodaj osoby",
    enrolText: "Kto już w niej jest, wypisał się lub jest nieosiągalny, zostaje pominięty, z podaniem powodu.",
    audience: "Kogo (zapytanie o kontakty)",
    enrolled: "Trwa dodawanie",
    people: "Kto w niej jest",
    states: {
      active: "W drodze",
      paused: "Wstrzymana",
      finished: "Ukończona",
      stopped: "Zatrzymana",
      left: "Wyjęta",
      excluded: "Pominięta",
    },
    due: (when) => `następny ${when}`,
    at: (step, steps) => `${step} z ${steps}`,
    takeOut: "Wyjmij",
    nobody: "Nikogo tu jeszcze nie ma.",
    edit: "Edytuj",
  },
};
