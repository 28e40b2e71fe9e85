import type { Catalogue } from "../words/catalogue";

type Named = Readonly<Record<string, string>>;

interface Said {
  prove: string;
  proveText: string;
  password: string;
  code: string;
  passwordText: string;
  newPassword: string;
  setPassword: string;
  factor: string;
  factorOn: (codes: number) => string;
  factorOff: string;
  setUp: string;
  scan: string;
  confirm: string;
  recovery: string;
  remove: string;
  sessions: string;
  thisOne: string;
  end: string;
  endAll: string;
  seen: (when: string) => string;
  told: string;
  notices: Named;
  ways: Named;
  hour: string;
  who: string;
  role: string;
  teams: string;
  newTeam: string;
  above: string;
  matrix: string;
  folder: string;
  others: string;
  verbs: Named;
  reaches: Named;
  rights: string;
  rightNames: Named;
  newRole: string;
  builtIn: string;
  scopes: string;
  scopeNames: Named;
  days: string;
  newStage: string;
  newPipeline: string;
  stageKind: string;
  stageKinds: Named;
  up: string;
  down: string;
  surePipeline: (name: string) => string;
  territories: string;
  territoriesText: string;
  newTerritory: string;
  rules: string;
  manager: string;
  change: string;
  adminsOnly: string;
  ownDomains: string;
  ownDomainsText: string;
  zone: string;
  country: string;
  countryText: string;
  nowhere: string;
  signature: string;
  signatureText: string;
  builtRoles: Readonly<Record<string, string>>; // by the names under which they are kept
  signatureLong: (has: string, most: string) => string;
  zoneText: string;
  zoneOf: (zone: string) => string;
  theirLanguage: string;
  notUndone: string;
}

export const said: Catalogue<Said> = {
  en: {
    prove: "Prove that it is you",
    proveText: "This is dangerous in other hands, so it asks once more.",
    password: "Password",
    code: "Code of the second factor",
    passwordText: "With a password you sign in without a link. Other browsers are signed out when it changes.",
    newPassword: "New password (at least 10 characters)",
    setPassword: "Set the password",
    factor: "Second factor",
    factorOn: (n) => `An app gives a code at each sign-in. ${n} recovery codes are left.`,
    factorOff: "An app on your phone gives a code at each sign-in, so that a stolen password opens nothing.",
    setUp: "Set it up",
    scan: "Scan this with the app, or type the key; then write the code that it shows.",
    confirm: "Confirm",
    recovery: "Recovery codes, shown this once: each stands in for the app one time",
    remove: "Do without it",
    sessions: "Where you are signed in",
    thisOne: "this browser",
    end: "End",
    endAll: "End all others",
    seen: (when) => `seen ${when}`,
    told: "What you are told by mail",
    notices: {
      reminder: "Reminders of tasks",
      due: "Tasks whose day has come",
      assigned: "Tasks given to you",
      mention: "Somebody names you",
      reply: "Somebody answered for whom a task waited",
      asked: "A colleague asks to read a mail of yours",
      granted: "You may read a mail that you asked for",
      refused: "You may not read a mail that you asked for",
    },
    ways: { never: "Never", now: "At once", digest: "Once a day", muted: "Not even here" },
    hour: "Hour of the daily mail",
    who: "Who has which role",
    role: "Role",
    teams: "Teams",
    newTeam: "New team",
    above: "Team above",
    matrix: "What a role may do",
    folder: "Folder",
    others: "All others",
    verbs: { read: "See", create: "Make", update: "Change", delete: "Delete" },
    reaches: { none: "–", own: "Own", team: "Team’s", subtree: "Teams below", all: "All" },
    rights: "Besides",
    rightNames: {
      import: "Import",
      export: "Export",
      bulk_edit: "Bulk edit",
      campaigns: "Campaigns",
      reports: "Reports",
      workflows: "Workflows",
      settings: "Settings",
      admin: "Administration",
      others_tasks: "Tasks of others",
      billing_only: "Billing only",
    },
    newRole: "New role",
    builtIn: "Comes with Threadline and cannot be changed.",
    scopes: "What it opens",
    scopeNames: { read: "Read records", write: "Write records", mail: "Read mail", admin: "Everything else" },
    days: "Works for so many days (0: for good)",
    newStage: "New stage",
    newPipeline: "New pipeline",
    stageKind: "What it means",
    stageKinds: { open: "Open", won: "Won", lost: "Lost" },
    up: "Move up",
    down: "Move down",
    surePipeline: (name) => `Remove the pipeline “${name}”? It must hold no record.`,
    territories: "Territories",
    territoriesText:
      "A territory is a part of the market, told by a query. Whoever it belongs to sees what lies in it.",
    newTerritory: "Territory",
    rules: "What lies in it: queries, one a line",
    manager: "Manager",
    change: "Change",
    adminsOnly: "Only admins see and change this. Ask one of them, or have the operator give you the role.",
    ownDomains: "Own domains, separated by commas",
    ownDomainsText: "Mail among these is internal. Stored mail is decided anew within a minute.",
    zone: "Time zone",
    country: "Country",
    countryText: "Telephone numbers without a country code are of it.",
    nowhere: "None: numbers are written with their country code",
    signature: "Signature",
    signatureText: "It stands under new mail, and above the quoted text of answers.",
    builtRoles: {},
    signatureLong: (has, most) => `A signature has ${most} characters at most; this one has ${has}.`,
    zoneText: "Your days, reminders and daily mails begin in it.",
    zoneOf: (zone) => `That of the workspace: ${zone}`,
    theirLanguage: "Language of who chose none",
    notUndone: "Only an admin can change this. It is not in the list of changes and cannot be undone there.",
  },
  fr: {
    prove: "Prouvez que c’est vous",
    proveText: "Dangereux en d’autres mains : une preuve est demandée.",
    password: "Mot de passe",
    code: "Code du second facteur",
    passwordText:
      "Avec un mot de passe vous entrez sans lien. Les autres navigateurs sont déconnectés quand il change.",
    newPassword: "Nouveau mot de passe (10 caractères au moins)",
    setPassword: "Définir le mot de passe",
    factor: "Second facteur",
    factorOn: (n) => `Une application donne un code à chaque connexion. Il reste ${n} codes de secours.`,
    factorOff:
      "Une application sur votre téléphone donne un code à chaque connexion : un mot de passe volé n’ouvre rien.",
    setUp: "Le mettre en place",
    scan: "Scannez avec l’application ou tapez la clé, puis saisissez le code affiché.",
    confirm: "Confirmer",
    recovery: "Codes de secours, montrés cette seule fois : chacun remplace l’application une fois",
    remove: "S’en passer",
    sessions: "Où vous êtes connecté",
    thisOne: "ce navigateur",
    end: "Fermer",
    endAll: "Fermer toutes les autres",
    seen: (when) => `vu ${when}`,
    told: "Ce que l’on vous écrit",
    notices: {
      reminder: "Rappels de tâches",
      due: "Tâches dont le jour est venu",
      assigned: "Tâches qui vous sont confiées",
      mention: "On vous mentionne",
      reply: "Réponse qu’une tâche attendait",
      asked: "Un collègue demande à lire un de vos messages",
      granted: "Vous pouvez lire un message demandé",
      refused: "L’accès à un message demandé vous est refusé",
    },
    ways: { never: "Jamais", now: "Aussitôt", digest: "Une fois par jour", muted: "Pas même ici" },
    hour: "Heure du message quotidien",
    who: "Qui a quel rôle",
    role: "Rôle",
    teams: "Équipes",
    newTeam: "Nouvelle équipe",
    above: "Équipe supérieure",
    matrix: "Ce qu’un rôle permet",
    folder: "Dossier",
    others: "Tous les autres",
    verbs: { read: "Voir", create: "Créer", update: "Modifier", delete: "Supprimer" },
    reaches: { none: "–", own: "Les siens", team: "De l’équipe", subtree: "Équipes dessous", all: "Tous" },
    rights: "En outre",
    rightNames: {
      import: "Importer",
      export: "Exporter",
      bulk_edit: "Modifier en masse",
      campaigns: "Campagnes",
      reports: "Rapports",
      workflows: "Automatisations",
      settings: "Réglages",
      admin: "Administration",
      others_tasks: "Tâches des autres",
      billing_only: "Facturation seule",
    },
    newRole: "Nouveau rôle",
    builtIn: "Fourni avec Threadline, non modifiable.",
    scopes: "Ce qu’elle ouvre",
    scopeNames: {
      read: "Lire les fiches",
      write: "Écrire les fiches",
      mail: "Lire les messages",
      admin: "Tout le reste",
    },
    days: "Valable tant de jours (0 : toujours)",
    newStage: "Nouvelle étape",
    newPipeline: "Nouveau pipeline",
    stageKind: "Ce qu’elle signifie",
    stageKinds: { open: "Ouverte", won: "Gagnée", lost: "Perdue" },
    up: "Monter",
    down: "Descendre",
    surePipeline: (name) => `Supprimer le pipeline « ${name} » ? Il ne doit contenir aucune fiche.`,
    territories: "Territoires",
    territoriesText:
      "Un territoire est une partie du marché, définie par une requête. Ses membres voient ce qui s’y trouve.",
    newTerritory: "Territoire",
    rules: "Ce qu’il contient : des requêtes, une par ligne",
    manager: "Responsable",
    change: "Modifier",
    adminsOnly: "Réservé aux administrateurs. Demandez à l’un d’eux, ou à l’opérateur de vous donner le rôle.",
    ownDomains: "Domaines propres, séparés par des virgules",
    ownDomainsText: "Le courrier entre eux est interne. Le courrier enregistré est réexaminé dans la minute.",
    zone: "Fuseau horaire",
    country: "Pays",
    countryText: "Les numéros de téléphone sans indicatif sont de ce pays.",
    nowhere: "Aucun : les numéros s’écrivent avec leur indicatif",
    signature: "Signature",
    signatureText: "Elle figure sous les nouveaux messages, et au-dessus du texte cité des réponses.",
    builtRoles: { Admin: "Administrateur", Member: "Membre", Billing: "Facturation" },
    signatureLong: (has, most) => `Une signature a ${most} caractères au plus ; celle-ci en a ${has}.`,
    zoneText: "Vos journées, rappels et messages quotidiens y commencent.",
    zoneOf: (zone) => `Celui de l’espace : ${zone}`,
    theirLanguage: "Langue de qui n’en a pas choisi",
    notUndone: "Réservé aux administrateurs. Ne figure pas dans la liste des changements et ne s’y annule pas.",
  },
  it: {
    prove: "Dimostra che sei tu",
    proveText: "Pericoloso in altre mani: si chiede una prova.",
    password: "Password",
    code: "Codice del secondo fattore",
    passwordText: "Con una password entri senza link. Gli altri browser vengono disconnessi quando cambia.",
    newPassword: "Nuova password (almeno 10 caratteri)",
    setPassword: "Imposta la password",
    factor: "Secondo fattore",
    factorOn: (n) => `Un’app dà un codice a ogni accesso. Restano ${n} codici di recupero.`,
    factorOff: "Un’app sul telefono dà un codice a ogni accesso: una password rubata non apre nulla.",
    setUp: "Attivalo",
    scan: "Inquadra con l’app o digita la chiave, poi scrivi il codice mostrato.",
    confirm: "Conferma",
    recovery: "Codici di recupero, mostrati solo ora: ciascuno sostituisce l’app una volta",
    remove: "Farne a meno",
    sessions: "Dove hai effettuato l’accesso",
    thisOne: "questo browser",
    end: "Chiudi",
    endAll: "Chiudi tutte le altre",
    seen: (when) => `visto ${when}`,
    told: "Che cosa ti viene scritto",
    notices: {
      reminder: "Promemoria di attività",
      due: "Attività il cui giorno è arrivato",
      assigned: "Attività affidate a te",
      mention: "Qualcuno ti nomina",
      reply: "Risposta che un’attività aspettava",
      asked: "Un collega chiede di leggere un tuo messaggio",
      granted: "Puoi leggere un messaggio richiesto",
      refused: "L’accesso a un messaggio richiesto è stato rifiutato",
    },
    ways: { never: "Mai", now: "Subito", digest: "Una volta al giorno", muted: "Nemmeno qui" },
    hour: "Ora del messaggio quotidiano",
    who: "Chi ha quale ruolo",
    role: "Ruolo",
    teams: "Team",
    newTeam: "Nuovo team",
    above: "Team superiore",
    matrix: "Che cosa può un ruolo",
    folder: "Cartella",
    others: "Tutte le altre",
    verbs: { read: "Vedere", create: "Creare", update: "Modificare", delete: "Eliminare" },
    reaches: { none: "–", own: "Proprie", team: "Del team", subtree: "Team sottostanti", all: "Tutte" },
    rights: "Inoltre",
    rightNames: {
      import: "Importare",
      export: "Esportare",
      bulk_edit: "Modifica in blocco",
      campaigns: "Campagne",
      reports: "Report",
      workflows: "Automazioni",
      settings: "Impostazioni",
      admin: "Amministrazione",
      others_tasks: "Attività altrui",
      billing_only: "Solo fatturazione",
    },
    newRole: "Nuovo ruolo",
    builtIn: "Fornito con Threadline, non modificabile.",
    scopes: "Che cosa apre",
    scopeNames: {
      read: "Leggere le schede",
      write: "Scrivere le schede",
      mail: "Leggere i messaggi",
      admin: "Tutto il resto",
    },
    days: "Valida per tanti giorni (0: sempre)",
    newStage: "Nuova fase",
    newPipeline: "Nuova pipeline",
    stageKind: "Che cosa significa",
    stageKinds: { open: "Aperta", won: "Vinta", lost: "Persa" },
    up: "Sposta su",
    down: "Sposta giù",
    surePipeline: (name) => `Rimuovere la pipeline «${name}»? Non deve contenere schede.`,
    territories: "Territori",
    territoriesText:
      "Un territorio è una parte del mercato, definita da una query. Chi ne fa parte vede ciò che contiene.",
    newTerritory: "Territorio",
    rules: "Che cosa contiene: query, una per riga",
    manager: "Responsabile",
    change: "Cambia",
    adminsOnly: "Solo gli amministratori vedono e cambiano questo. Chiedi a uno di loro o all’operatore.",
    ownDomains: "Domini propri, separati da virgole",
    ownDomainsText: "La posta tra questi è interna. Quella salvata viene riesaminata entro un minuto.",
    zone: "Fuso orario",
    country: "Paese",
    countryText: "I numeri di telefono senza prefisso internazionale sono di questo paese.",
    nowhere: "Nessuno: i numeri si scrivono con il prefisso internazionale",
    signature: "Firma",
    signatureText: "Sta sotto i nuovi messaggi, e sopra il testo citato delle risposte.",
    builtRoles: { Admin: "Amministratore", Member: "Membro", Billing: "Fatturazione" },
    signatureLong: (has, most) => `Una firma ha al massimo ${most} caratteri; questa ne ha ${has}.`,
    zoneText: "Le tue giornate, i promemoria e i messaggi quotidiani iniziano secondo esso.",
    zoneOf: (zone) => `Quello dello spazio di lavoro: ${zone}`,
    theirLanguage: "Lingua di chi non ne ha scelta una",
    notUndone: "Solo un amministratore può cambiarlo. Non è nell’elenco delle modifiche e lì non si annulla.",
  },
  pl: {
    prove: "Potwierdź, że to Ty",
    proveText: "W cudzych rękach to niebezpieczne, dlatego pytamy jeszcze raz.",
    password: "Hasło",
    code: "Kod drugiego składnika",
    passwordText: "Z hasłem logujesz się bez linku. Po zmianie inne przeglądarki zostają wylogowane.",
    newPassword: "Nowe hasło (co najmniej 10 znaków)",
    setPassword: "Ustaw hasło",
    factor: "Drugi składnik",
    factorOn: (n) => `Aplikacja podaje kod przy każdym logowaniu. Pozostało kodów zapasowych: ${n}.`,
    factorOff: "Aplikacja w telefonie podaje kod przy każdym logowaniu, więc skradzione hasło nic nie otwiera.",
    setUp: "Włącz",
    scan: "Zeskanuj aplikacją albo przepisz klucz, a potem wpisz pokazany kod.",
    confirm: "Potwierdź",
    recovery: "Kody zapasowe, pokazane tylko teraz: każdy jeden raz zastępuje aplikację",
    remove: "Wyłącz",
    sessions: "Gdzie jesteś zalogowany",
    thisOne: "ta przeglądarka",
    end: "Zakończ",
    endAll: "Zakończ wszystkie inne",
    seen: (when) => `widziana ${when}`,
    told: "O czym piszemy",
    notices: {
      reminder: "Przypomnienia o zadaniach",
      due: "Zadania, których dzień nadszedł",
      assigned: "Zadania przydzielone Tobie",
      mention: "Ktoś Cię wymienia",
      reply: "Odpowiedź, na którą czekało zadanie",
      asked: "Współpracownik prosi o dostęp do Twojej wiadomości",
      granted: "Możesz przeczytać wiadomość, o którą prosisz",
      refused: "Odmówiono dostępu do wiadomości",
    },
    ways: { never: "Nigdy", now: "Od razu", digest: "Raz dziennie", muted: "Nawet nie tutaj" },
    hour: "Godzina codziennej wiadomości",
    who: "Kto ma jaką rolę",
    role: "Rola",
    teams: "Zespoły",
    newTeam: "Nowy zespół",
    above: "Zespół nadrzędny",
    matrix: "Co wolno w roli",
    folder: "Folder",
    others: "Wszystkie inne",
    verbs: { read: "Widzieć", create: "Tworzyć", update: "Zmieniać", delete: "Usuwać" },
    reaches: { none: "–", own: "Własne", team: "Zespołu", subtree: "Zespołów poniżej", all: "Wszystkie" },
    rights: "Ponadto",
    rightNames: {
      import: "Import",
      export: "Eksport",
      bulk_edit: "Zmiany zbiorcze",
      campaigns: "Kampanie",
      reports: "Raporty",
      workflows: "Automatyzacje",
      settings: "Ustawienia",
      admin: "Administracja",
      others_tasks: "Zadania innych",
      billing_only: "Tylko rozliczenia",
    },
    newRole: "Nowa rola",
    builtIn: "Wbudowana w Threadline, nie można jej zmienić.",
    scopes: "Co otwiera",
    scopeNames: { read: "Czytanie wpisów", write: "Zapis wpisów", mail: "Czytanie poczty", admin: "Cała reszta" },
    days: "Działa tyle dni (0: na stałe)",
    newStage: "Nowy etap",
    newPipeline: "Nowy lejek",
    stageKind: "Co oznacza",
    stageKinds: { open: "Otwarty", won: "Wygrany", lost: "Przegrany" },
    up: "W górę",
    down: "W dół",
    surePipeline: (name) => `Usunąć lejek „${name}”? Nie może zawierać rekordów.`,
    territories: "Terytoria",
    territoriesText: "Terytorium to część rynku określona zapytaniem. Kto do niego należy, widzi, co w nim jest.",
    newTerritory: "Terytorium",
    rules: "Co w nim jest: zapytania, po jednym w wierszu",
    manager: "Kierownik",
    change: "Zmień",
    adminsOnly: "Widzą i zmieniają to tylko administratorzy. Poproś jednego z nich lub operatora o tę rolę.",
    ownDomains: "Własne domeny, rozdzielone przecinkami",
    ownDomainsText: "Poczta między nimi jest wewnętrzna. Zapisana poczta jest oceniana na nowo w ciągu minuty.",
    zone: "Strefa czasowa",
    country: "Kraj",
    countryText: "Numery telefonu bez kodu kraju są z tego kraju.",
    nowhere: "Brak: numery zapisuje się z kodem kraju",
    signature: "Podpis",
    signatureText: "Stoi pod nowymi wiadomościami, a w odpowiedziach nad cytowanym tekstem.",
    builtRoles: { Admin: "Administrator", Member: "Członek", Billing: "Rozliczenia" },
    signatureLong: (has, most) => `Podpis ma najwyżej ${most} znaków; ten ma ${has}.`,
    zoneText: "Według niej zaczynają się Twoje dni, przypomnienia i codzienne wiadomości.",
    zoneOf: (zone) => `Strefa obszaru roboczego: ${zone}`,
    theirLanguage: "Język osób, które go nie wybrały",
    notUndone: "Może to zmienić tylko administrator. Nie ma tego na liście zmian i nie da się tam cofnąć.",
  },
};
