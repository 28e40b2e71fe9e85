import type { Catalogue } from "../words/catalogue";

type Named = Readonly<Record<string, string>>;

interface Said {
  chooseAll: string;
  chosen: (n: string) => string;
  edit: string;
  allThatMatch: (n: string) => string;
  bulk: string;
  bulkOf: (n: string) => string;
  field: string;
  way: string;
  ways: Named; // set, clear, add, drop
  value: string;
  plan: string;
  planning: string;
  outcomes: Named;
  allOf: (n: string) => string;
  change: (n: string) => string;
  changed: (n: string) => string;
  nothing: string;
  filter: string;
  asText: string;
  all: string;
  any: string;
  not: string;
  condition: string;
  group: string;
  drop: string;
  ops: Named;
  op: string;
  me: string;
  notAsFilter: string;
  groupBy: string;
  ungrouped: string;
  none: string;
  asTable: string;
  cut: string;
  count: (n: string) => string;
  find: string;
  nobody: string;
  everybody: string;
  owner: (label: string, name: string) => string;
  order: string;
}

const signs = { "=": "=", "!=": "≠", "<": "<", "<=": "≤", ">": ">", ">=": "≥" };

// What tables say, and what is done with many records at once.
export const said: Catalogue<Said> = {
  en: {
    chooseAll: "Choose all rows, or none",
    chosen: (n) => `${n} chosen`,
    edit: "Edit them",
    allThatMatch: (n) => `Choose all ${n} that match`,
    bulk: "Edit many records",
    bulkOf: (n) => `${n} records become:`,
    field: "Field",
    way: "What happens to it",
    ways: { set: "becomes", clear: "is emptied", add: "gains", drop: "loses" },
    value: "Value",
    plan: "Show what changes",
    planning: "Looking at each record…",
    outcomes: { set: "Change", skip: "Are so already", error: "Cannot be changed" },
    allOf: (n) => `All ${n}`,
    change: (n) => `Change ${n} records`,
    changed: (n) => `${n} records changed`,
    nothing: "No record would change.",
    filter: "Filter",
    asText: "As text",
    all: "All of these hold",
    any: "One of these holds",
    not: "None of it holds",
    condition: "Condition",
    group: "Group",
    drop: "Remove this condition",
    ops: {
      ...signs,
      in: "is one of",
      "not in": "is none of",
      has: "has",
      between: "is between",
      "~": "contains",
      "is empty": "is empty",
      "is not empty": "is not empty",
    },
    op: "Comparison",
    me: "me",
    notAsFilter: "The query cannot be read as it stands; the filter shows it when it can.",
    groupBy: "Group by",
    ungrouped: "Not grouped",
    none: "(none)",
    asTable: "As a table",
    cut: "There are more records than were counted.",
    count: (n) => n,
    find: "Find a record by its name…",
    nobody: "Nothing is called that.",
    everybody: "all",
    owner: (label, name) => `${label}: ${name}`,
    order: "Order",
  },
  fr: {
    chooseAll: "Choisir toutes les lignes, ou aucune",
    chosen: (n) => `${n} choisies`,
    edit: "Les modifier",
    allThatMatch: (n) => `Choisir les ${n} qui correspondent`,
    bulk: "Modifier beaucoup de fiches",
    bulkOf: (n) => `${n} fiches deviennent :`,
    field: "Champ",
    way: "Ce qui lui arrive",
    ways: { set: "devient", clear: "est vidé", add: "gagne", drop: "perd" },
    value: "Valeur",
    plan: "Montrer ce qui change",
    planning: "Examen de chaque fiche…",
    outcomes: { set: "Changent", skip: "Le sont déjà", error: "Impossible à changer" },
    allOf: (n) => `Toutes : ${n}`,
    change: (n) => `Modifier ${n} fiches`,
    changed: (n) => `${n} fiches modifiées`,
    nothing: "Aucune fiche ne changerait.",
    filter: "Filtre",
    asText: "En texte",
    all: "Toutes ces conditions",
    any: "L’une de ces conditions",
    not: "Rien de cela",
    condition: "Condition",
    group: "Groupe",
    drop: "Retirer cette condition",
    ops: {
      ...signs,
      in: "est l’un de",
      "not in": "n’est aucun de",
      has: "a",
      between: "est entre",
      "~": "contient",
      "is empty": "est vide",
      "is not empty": "n’est pas vide",
    },
    op: "Comparaison",
    me: "moi",
    notAsFilter: "La requête ne peut être lue en l’état ; le filtre la montrera dès que possible.",
    groupBy: "Grouper par",
    ungrouped: "Sans groupes",
    none: "(aucun)",
    asTable: "En tableau",
    cut: "Il y a plus de fiches que celles comptées.",
    count: (n) => n,
    find: "Trouver une fiche par son nom…",
    nobody: "Rien ne porte ce nom.",
    everybody: "tous",
    owner: (label, name) => `${label} : ${name}`,
    order: "Ordre",
  },
  it: {
    chooseAll: "Scegli tutte le righe, o nessuna",
    chosen: (n) => `${n} scelte`,
    edit: "Modificale",
    allThatMatch: (n) => `Scegli tutte le ${n} che corrispondono`,
    bulk: "Modifica molte schede",
    bulkOf: (n) => `${n} schede diventano:`,
    field: "Campo",
    way: "Che cosa gli succede",
    ways: { set: "diventa", clear: "è svuotato", add: "guadagna", drop: "perde" },
    value: "Valore",
    plan: "Mostra che cosa cambia",
    planning: "Esame di ogni scheda…",
    outcomes: { set: "Cambiano", skip: "Lo sono già", error: "Non si possono cambiare" },
    allOf: (n) => `Tutte: ${n}`,
    change: (n) => `Modifica ${n} schede`,
    changed: (n) => `${n} schede modificate`,
    nothing: "Nessuna scheda cambierebbe.",
    filter: "Filtro",
    asText: "Come testo",
    all: "Valgono tutte",
    any: "Ne vale una",
    not: "Non vale nulla di ciò",
    condition: "Condizione",
    group: "Gruppo",
    drop: "Togli questa condizione",
    ops: {
      ...signs,
      in: "è uno di",
      "not in": "non è nessuno di",
      has: "ha",
      between: "è tra",
      "~": "contiene",
      "is empty": "è vuoto",
      "is not empty": "non è vuoto",
    },
    op: "Confronto",
    me: "io",
    notAsFilter: "La query non si legge così com’è; il filtro la mostra appena si può.",
    groupBy: "Raggruppa per",
    ungrouped: "Senza gruppi",
    none: "(nessuno)",
    asTable: "Come tabella",
    cut: "Ci sono più schede di quelle contate.",
    count: (n) => n,
    find: "Trova una scheda per nome…",
    nobody: "Nulla si chiama così.",
    everybody: "tutti",
    owner: (label, name) => `${label}: ${name}`,
    order: "Ordine",
  },
  pl: {
    chooseAll: "Zaznacz wszystkie wiersze albo żaden",
    chosen: (n) => `Zaznaczone: ${n}`,
    edit: "Edytuj je",
    allThatMatch: (n) => `Zaznacz wszystkie pasujące (${n})`,
    bulk: "Edycja wielu rekordów",
    bulkOf: (n) => `Rekordy (${n}) zmienią się tak:`,
    field: "Pole",
    way: "Co się z nim stanie",
    ways: { set: "staje się", clear: "jest czyszczone", add: "zyskuje", drop: "traci" },
    value: "Wartość",
    plan: "Pokaż, co się zmieni",
    planning: "Sprawdzanie każdego rekordu…",
    outcomes: { set: "Zmienią się", skip: "Już takie są", error: "Nie da się zmienić" },
    allOf: (n) => `Wszystkie: ${n}`,
    change: (n) => `Zmień rekordy: ${n}`,
    changed: (n) => `Zmienione rekordy: ${n}`,
    nothing: "Żaden rekord by się nie zmienił.",
    filter: "Filtr",
    asText: "Jako tekst",
    all: "Spełnione wszystkie",
    any: "Spełniony jeden z nich",
    not: "Nic z tego",
    condition: "Warunek",
    group: "Grupa",
    drop: "Usuń ten warunek",
    ops: {
      ...signs,
      in: "jest jednym z",
      "not in": "nie jest żadnym z",
      has: "ma",
      between: "jest między",
      "~": "zawiera",
      "is empty": "jest puste",
      "is not empty": "nie jest puste",
    },
    op: "Porównanie",
    me: "ja",
    notAsFilter: "Zapytania nie da się tak odczytać; filtr pokaże je, gdy będzie to możliwe.",
    groupBy: "Grupuj według",
    ungrouped: "Bez grup",
    none: "(brak)",
    asTable: "Jako tabela",
    cut: "Rekordów jest więcej, niż policzono.",
    count: (n) => n,
    find: "Znajdź rekord po nazwie…",
    nobody: "Nic się tak nie nazywa.",
    everybody: "wszyscy",
    owner: (label, name) => `${label}: ${name}`,
    order: "Kolejność",
  },
};
