import { said as ofNotices } from "../notices/bell_words";
import { labelOfFolder, useFolders } from "../record/folders";
import { useAllPipelines } from "../record/pipelines";
import { useSaid } from "../words/catalogue";
import { useTongue } from "../words/words";

// Place is a screen that one can go to.
export interface Place {
  href: string;
  sign: string;
  name: string;
  group: string; // under which it stands in the menu; empty for the first
  under?: string; // addresses below this one belong to it, too
  exact?: boolean;
}

const activities = new Set(["note", "call", "meeting", "comment"]);

// usePlaces are the screens of this workspace, in the order of the menu.
export function usePlaces(): readonly Place[] {
  const tongue = useTongue();
  const { desk } = tongue.words;
  const notices = useSaid(ofNotices);
  const folders = useFolders();
  const pipelines = useAllPipelines() ?? [];
  const tables = folders.map((folder) => ({
    href: `/${folder.plural}`,
    sign: folder.kind,
    name: labelOfFolder(folder, tongue),
    group: activities.has(folder.kind) ? "activities" : "records",
  }));
  const boards = pipelines.map(({ key, name }) => ({
    href: `/board/${key}`,
    sign: "board",
    name: desk.board(name),
    group: "",
  }));
  const tasks = (place: Place) => place.sign === "task";
  return [
    { href: "/", sign: "day", name: desk.day, group: "", exact: true },
    { href: "/inbox", sign: "inbox", name: desk.inbox, group: "", under: "/messages" },
    ...tables.filter(tasks).map((place) => ({ ...place, group: "" })),
    { href: "/calendar", sign: "calendar", name: desk.calendar, group: "" },
    ...boards,
    ...tables.filter((place) => place.group === "records" && !tasks(place)),
    { href: "/campaigns", sign: "campaign", name: desk.campaigns, group: "outreach" },
    { href: "/sequences", sign: "sequence", name: desk.sequences, group: "outreach" },
    { href: "/templates", sign: "template", name: desk.templates, group: "outreach" },
    { href: "/notices", sign: "bell", name: notices.title, group: "tools" },
    { href: "/imports", sign: "import", name: desk.imports, group: "tools" },
    { href: "/duplicates", sign: "twins", name: desk.duplicates, group: "tools" },
    { href: "/health", sign: "health", name: desk.health, group: "tools" },
    { href: "/settings/people", sign: "settings", name: desk.settings, group: "tools", under: "/settings" },
    ...tables.filter((place) => place.group === "activities"),
  ];
}
