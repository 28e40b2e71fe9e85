import { said as ofNotices } from "../notices/bell_words";
import { labelOfFolder, mergeable, useFolders } from "../record/folders";
import { useAllPipelines } from "../record/pipelines";
import { useSaid } from "../words/catalogue";
import { useTongue } from "../words/words";
import { useHere } from "./session";

// Place is a screen that one can go to.
export interface Place {
  href: string;
  sign: string;
  name: string;
  group: string; // under which it stands in the menu; empty for the first
  under?: string; // addresses below this one belong to it, too
  exact?: boolean;
  needs?: string; // the right without which there is nothing to do
  idle?: boolean; // there is nothing to do there for the reader
}

const activities = new Set(["note", "call", "meeting", "comment"]);

// usePlaces are the screens of this workspace that are of use to the reader, in the
// order of the menu.
export function usePlaces(): readonly Place[] {
  const tongue = useTongue();
  const { desk } = tongue.words;
  const notices = useSaid(ofNotices);
  const { rights } = useHere();
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
  const all: Place[] = [
    { href: "/", sign: "day", name: desk.day, group: "", exact: true },
    { href: "/inbox", sign: "inbox", name: desk.inbox, group: "", under: "/messages" },
    // Those that are to be done, the next one first.
    ...tables.filter(tasks).map(({ href, ...place }) => ({
      ...place,
      href: `${href}?q=${encodeURIComponent("tasks where status = todo order by due")}`,
      under: href,
      group: "",
    })),
    { href: "/calendar", sign: "calendar", name: desk.calendar, group: "" },
    ...boards,
    ...tables.filter((place) => place.group === "records" && !tasks(place)),
    { href: "/campaigns", sign: "campaign", name: desk.campaigns, group: "outreach", needs: "campaigns" },
    { href: "/sequences", sign: "sequence", name: desk.sequences, group: "outreach", needs: "campaigns" },
    { href: "/templates", sign: "template", name: desk.templates, group: "outreach" },
    { href: "/notices", sign: "bell", name: notices.title, group: "tools" },
    { href: "/imports", sign: "import", name: desk.imports, group: "tools", needs: "import" },
    { href: "/duplicates", sign: "twins", name: desk.duplicates, group: "tools", idle: !folders.some(mergeable) },
    { href: "/health", sign: "health", name: desk.health, group: "tools" },
    { href: "/settings/account", sign: "settings", name: desk.settings, group: "tools", under: "/settings" },
    ...tables.filter((place) => place.group === "activities"),
  ];
  return all.filter(({ needs, idle }) => !idle && (!needs || rights.includes(needs)));
}
