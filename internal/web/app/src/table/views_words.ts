import type { Catalogue } from "../words/catalogue";

interface Said {
  views: string;
  none: string;
  all: string;
  keep: string;
  name: string;
  seenBy: string;
  sharing: Readonly<Record<string, string>>;
  team: string;
  update: string;
  rename: string;
  copy: string;
  copied: string;
  changed: string;
  gone: string;
  shownAs: string;
  ways: Readonly<Record<string, string>>;
}

// What is said of views that people keep.
export const said: Catalogue<Said> = {
  en: {
    views: "Views",
    none: "A view keeps the query, columns, order and groups that you see now.",
    all: "All records",
    keep: "Save as a view",
    name: "Name of the view",
    seenBy: "Who sees it",
    sharing: { private: "Only me", team: "A team", workspace: "Everybody" },
    team: "Team",
    update: "Save what was changed",
    rename: "Save name and sharing",
    copy: "Copy its link",
    copied: "The link is copied",
    changed: "changed",
    gone: "This view was removed or is not shared with you. These are all records.",
    shownAs: "Shown as",
    ways: { table: "Table", board: "Board", calendar: "Calendar" },
  },
  fr: {
    views: "Vues",
    none: "Une vue garde la requête, les colonnes, l’ordre et les groupes que vous voyez.",
    all: "Toutes les fiches",
    keep: "Enregistrer comme vue",
    name: "Nom de la vue",
    seenBy: "Qui la voit",
    sharing: { private: "Moi seul", team: "Une équipe", workspace: "Tout le monde" },
    team: "Équipe",
    update: "Enregistrer les changements",
    rename: "Enregistrer nom et partage",
    copy: "Copier son lien",
    copied: "Le lien est copié",
    changed: "modifiée",
    gone: "Cette vue a été supprimée ou n’est pas partagée avec vous. Voici toutes les fiches.",
    shownAs: "Affichage",
    ways: { table: "Tableau", board: "Kanban", calendar: "Calendrier" },
  },
  it: {
    views: "Viste",
    none: "Una vista conserva la ricerca, le colonne, l’ordine e i gruppi che vedi ora.",
    all: "Tutte le schede",
    keep: "Salva come vista",
    name: "Nome della vista",
    seenBy: "Chi la vede",
    sharing: { private: "Solo io", team: "Un team", workspace: "Tutti" },
    team: "Team",
    update: "Salva le modifiche",
    rename: "Salva nome e condivisione",
    copy: "Copia il suo link",
    copied: "Link copiato",
    changed: "modificata",
    gone: "Questa vista è stata rimossa o non è condivisa con te. Queste sono tutte le schede.",
    shownAs: "Mostra come",
    ways: { table: "Tabella", board: "Kanban", calendar: "Calendario" },
  },
  pl: {
    views: "Widoki",
    none: "Widok zachowuje zapytanie, kolumny, kolejność i grupy, które teraz widzisz.",
    all: "Wszystkie rekordy",
    keep: "Zapisz jako widok",
    name: "Nazwa widoku",
    seenBy: "Kto go widzi",
    sharing: { private: "Tylko ja", team: "Zespół", workspace: "Wszyscy" },
    team: "Zespół",
    update: "Zapisz zmiany",
    rename: "Zapisz nazwę i udostępnianie",
    copy: "Skopiuj link",
    copied: "Link skopiowany",
    changed: "zmieniony",
    gone: "Ten widok usunięto albo nie jest Ci udostępniony. To są wszystkie rekordy.",
    shownAs: "Pokaż jako",
    ways: { table: "Tabela", board: "Tablica", calendar: "Kalendarz" },
  },
};
