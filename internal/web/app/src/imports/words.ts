import type { Catalogue } from "../words/catalogue";
import { count } from "../words/pl";

type Named = Readonly<Record<string, string>>;

interface Said {
  none: string;
  noneText: string;
  upload: string;
  into: string;
  file: string;
  fileHint: string;
  uploading: string;
  states: Named;
  stages: Named;
  howRead: string;
  encoding: string;
  delimiter: string;
  delimiters: Named;
  header: string;
  columns: string;
  column: string;
  sample: string;
  field: string;
  leaveOut: string;
  match: string;
  known: string;
  thens: Named;
  make: string;
  plan: string;
  planAgain: string;
  planned: string;
  rows: (n: number) => string;
  row: string;
  whatBecomes: string;
  outcomes: Named;
  done: Named;
  all: string;
  decide: (row: number) => string;
  asPlanned: string;
  run: string;
  progress: (done: string, total: string) => string;
  cancel: string;
  resume: string;
  result: string;
  undo: string;
  undone: string;
  see: string;
}

export const said: Catalogue<Said> = {
  en: {
    none: "No file was imported yet",
    noneText:
      "Choose a CSV file: how it is written and what its columns are is guessed, and nothing is written before you have seen what becomes of each row.",
    upload: "Read the file",
    into: "Import into",
    file: "CSV file",
    fileHint: "From Excel: Save as CSV. Any separator and the usual encodings are understood.",
    uploading: "The file is on its way…",
    states: { waiting: "Waiting", running: "Running", done: "Done", failed: "Failed", cancelled: "Cancelled" },
    stages: {
      uploaded: "File read",
      plan: "Planning",
      planned: "Planned, nothing is written yet",
      apply: "Importing",
      applied: "Imported",
    },
    howRead: "How the file is read",
    encoding: "Encoding",
    delimiter: "Separator",
    delimiters: { comma: "Comma", semicolon: "Semicolon", tab: "Tab", bar: "Bar" },
    header: "The first row holds headings",
    columns: "What the columns are",
    column: "Column",
    sample: "In the file",
    field: "Becomes",
    leaveOut: "Leave out",
    match: "A row is about a record that has the same",
    known: "When the record is there already",
    thens: {
      merge: "Fill what is empty",
      update: "Replace its values",
      skip: "Skip the row",
      create: "Make another one",
      error: "Refuse the row",
    },
    make: "Make records that a column names and that are not there",
    plan: "Show what becomes of the rows",
    planAgain: "Plan again",
    planned: "What becomes of the rows",
    rows: (n) => (n === 1 ? "1 row" : `${n} rows`),
    row: "Row",
    whatBecomes: "What happens",
    outcomes: {
      create: "New",
      update: "Change",
      merge: "Complete",
      skip: "Skip",
      error: "Refused",
      warning: "With a warning",
      made: "New records that rows name",
    },
    done: {
      create: "Created",
      update: "Changed",
      merge: "Completed",
      skip: "Skipped",
      error: "Refused",
      warning: "With a warning",
      made: "New records that rows name",
    },
    all: "All rows",
    decide: (row) => `Decide on row ${row}`,
    asPlanned: "As planned",
    run: "Import now",
    progress: (done, total) => `${done} of ${total} rows`,
    cancel: "Stop",
    resume: "Go on",
    result: "Result",
    undo: "Undo the whole import",
    undone: "The import is taken back",
    see: "See the records",
  },
  fr: {
    none: "Aucun fichier importé",
    noneText:
      "Choisissez un fichier CSV : son écriture et ses colonnes sont devinées, et rien n’est enregistré avant que vous ayez vu ce que devient chaque ligne.",
    upload: "Lire le fichier",
    into: "Importer dans",
    file: "Fichier CSV",
    fileHint: "Depuis Excel : Enregistrer au format CSV. Tous les séparateurs et les encodages courants sont compris.",
    uploading: "Envoi du fichier…",
    states: { waiting: "En attente", running: "En cours", done: "Terminé", failed: "Échec", cancelled: "Arrêté" },
    stages: {
      uploaded: "Fichier lu",
      plan: "Planification",
      planned: "Planifié, rien n’est encore enregistré",
      apply: "Importation",
      applied: "Importé",
    },
    howRead: "Lecture du fichier",
    encoding: "Encodage",
    delimiter: "Séparateur",
    delimiters: { comma: "Virgule", semicolon: "Point-virgule", tab: "Tabulation", bar: "Barre" },
    header: "La première ligne contient les titres",
    columns: "Rôle des colonnes",
    column: "Colonne",
    sample: "Dans le fichier",
    field: "Devient",
    leaveOut: "Ignorer",
    match: "Une ligne concerne la fiche qui a le même",
    known: "Si la fiche existe déjà",
    thens: {
      merge: "Compléter les champs vides",
      update: "Remplacer ses valeurs",
      skip: "Ignorer la ligne",
      create: "En créer une autre",
      error: "Refuser la ligne",
    },
    make: "Créer les fiches nommées par une colonne et absentes",
    plan: "Montrer ce que deviennent les lignes",
    planAgain: "Replanifier",
    planned: "Ce que deviennent les lignes",
    rows: (n) => (n === 1 ? "1 ligne" : `${n} lignes`),
    row: "Ligne",
    whatBecomes: "Résultat",
    outcomes: {
      create: "Nouvelle",
      update: "Modification",
      merge: "Complément",
      skip: "Ignorée",
      error: "Refusée",
      warning: "Avec avertissement",
      made: "Fiches nommées par les lignes",
    },
    done: {
      create: "Créées",
      update: "Modifiées",
      merge: "Complétées",
      skip: "Ignorées",
      error: "Refusées",
      warning: "Avec avertissement",
      made: "Fiches nommées par les lignes",
    },
    all: "Toutes les lignes",
    decide: (row) => `Décider de la ligne ${row}`,
    asPlanned: "Comme prévu",
    run: "Importer",
    progress: (done, total) => `${done} lignes sur ${total}`,
    cancel: "Arrêter",
    resume: "Continuer",
    result: "Résultat",
    undo: "Annuler toute l’importation",
    undone: "L’importation est annulée",
    see: "Voir les fiches",
  },
  it: {
    none: "Nessun file importato",
    noneText:
      "Scegli un file CSV: scrittura e colonne vengono indovinate, e nulla viene salvato prima che tu abbia visto che cosa diventa ogni riga.",
    upload: "Leggi il file",
    into: "Importa in",
    file: "File CSV",
    fileHint: "Da Excel: Salva come CSV. Ogni separatore e le codifiche comuni sono capiti.",
    uploading: "Invio del file…",
    states: { waiting: "In attesa", running: "In corso", done: "Fatto", failed: "Fallito", cancelled: "Fermato" },
    stages: {
      uploaded: "File letto",
      plan: "Pianificazione",
      planned: "Pianificato, nulla è ancora salvato",
      apply: "Importazione",
      applied: "Importato",
    },
    howRead: "Lettura del file",
    encoding: "Codifica",
    delimiter: "Separatore",
    delimiters: { comma: "Virgola", semicolon: "Punto e virgola", tab: "Tabulazione", bar: "Barra" },
    header: "La prima riga contiene i titoli",
    columns: "Che cosa sono le colonne",
    column: "Colonna",
    sample: "Nel file",
    field: "Diventa",
    leaveOut: "Ignora",
    match: "Una riga riguarda la scheda che ha lo stesso",
    known: "Se la scheda c’è già",
    thens: {
      merge: "Completa i campi vuoti",
      update: "Sostituisci i valori",
      skip: "Salta la riga",
      create: "Creane un’altra",
      error: "Rifiuta la riga",
    },
    make: "Crea le schede che una colonna nomina e che mancano",
    plan: "Mostra che cosa diventano le righe",
    planAgain: "Pianifica di nuovo",
    planned: "Che cosa diventano le righe",
    rows: (n) => (n === 1 ? "1 riga" : `${n} righe`),
    row: "Riga",
    whatBecomes: "Esito",
    outcomes: {
      create: "Nuova",
      update: "Modifica",
      merge: "Completamento",
      skip: "Saltata",
      error: "Rifiutata",
      warning: "Con avviso",
      made: "Schede nominate dalle righe",
    },
    done: {
      create: "Create",
      update: "Modificate",
      merge: "Completate",
      skip: "Saltate",
      error: "Rifiutate",
      warning: "Con avviso",
      made: "Schede nominate dalle righe",
    },
    all: "Tutte le righe",
    decide: (row) => `Decidi sulla riga ${row}`,
    asPlanned: "Come previsto",
    run: "Importa ora",
    progress: (done, total) => `${done} righe su ${total}`,
    cancel: "Ferma",
    resume: "Continua",
    result: "Risultato",
    undo: "Annulla tutta l’importazione",
    undone: "L’importazione è annullata",
    see: "Vedi le schede",
  },
  pl: {
    none: "Nie zaimportowano jeszcze żadnego pliku",
    noneText:
      "Wybierz plik CSV: sposób zapisu i kolumny zostaną odgadnięte, a nic nie zostanie zapisane, zanim zobaczysz, co stanie się z każdym wierszem.",
    upload: "Odczytaj plik",
    into: "Importuj do",
    file: "Plik CSV",
    fileHint: "Z Excela: Zapisz jako CSV. Każdy separator i zwykłe kodowania są rozumiane.",
    uploading: "Wysyłanie pliku…",
    states: { waiting: "Czeka", running: "W toku", done: "Gotowe", failed: "Niepowodzenie", cancelled: "Zatrzymany" },
    stages: {
      uploaded: "Plik odczytany",
      plan: "Planowanie",
      planned: "Zaplanowano, nic jeszcze nie zapisano",
      apply: "Importowanie",
      applied: "Zaimportowano",
    },
    howRead: "Jak czytany jest plik",
    encoding: "Kodowanie",
    delimiter: "Separator",
    delimiters: { comma: "Przecinek", semicolon: "Średnik", tab: "Tabulator", bar: "Kreska" },
    header: "Pierwszy wiersz zawiera nagłówki",
    columns: "Czym są kolumny",
    column: "Kolumna",
    sample: "W pliku",
    field: "Staje się",
    leaveOut: "Pomiń",
    match: "Wiersz dotyczy wpisu, który ma to samo",
    known: "Gdy wpis już istnieje",
    thens: {
      merge: "Uzupełnij puste pola",
      update: "Zastąp wartości",
      skip: "Pomiń wiersz",
      create: "Utwórz kolejny",
      error: "Odrzuć wiersz",
    },
    make: "Twórz wpisy, które kolumna wymienia, a których nie ma",
    plan: "Pokaż, co stanie się z wierszami",
    planAgain: "Zaplanuj ponownie",
    planned: "Co stanie się z wierszami",
    rows: (n) => count(n, "wiersz", "wiersze", "wierszy"),
    row: "Wiersz",
    whatBecomes: "Skutek",
    outcomes: {
      create: "Nowy",
      update: "Zmiana",
      merge: "Uzupełnienie",
      skip: "Pominięty",
      error: "Odrzucony",
      warning: "Z ostrzeżeniem",
      made: "Wpisy wymienione w wierszach",
    },
    done: {
      create: "Utworzone",
      update: "Zmienione",
      merge: "Uzupełnione",
      skip: "Pominięte",
      error: "Odrzucone",
      warning: "Z ostrzeżeniem",
      made: "Wpisy wymienione w wierszach",
    },
    all: "Wszystkie wiersze",
    decide: (row) => `Zdecyduj o wierszu ${row}`,
    asPlanned: "Zgodnie z planem",
    run: "Importuj teraz",
    progress: (done, total) => `${done} z ${total} wierszy`,
    cancel: "Zatrzymaj",
    resume: "Kontynuuj",
    result: "Wynik",
    undo: "Cofnij cały import",
    undone: "Import został cofnięty",
    see: "Zobacz wpisy",
  },
};
