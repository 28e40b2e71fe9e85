import type { ItemsPipeline } from "../api/api";
import { useGet } from "../api/query";
import { labelOfFolder, useFolders } from "../record/folders";
import { useTongue } from "../words/words";

// Place is a screen that one can go to.
export interface Place {
  href: string;
  sign: string;
  name: string;
  under?: string; // addresses below this one belong to it, too
  exact?: boolean;
}

// usePlaces are the screens of this workspace, in the order of the menu.
export function usePlaces(): readonly Place[] {
  const tongue = useTongue();
  const { desk } = tongue.words;
  const folders = useFolders();
  const pipelines = useGet<ItemsPipeline>("/api/v1/pipelines").data?.items ?? [];
  return [
    { href: "/", sign: "day", name: desk.day, exact: true },
    { href: "/inbox", sign: "inbox", name: desk.inbox, under: "/messages" },
    ...folders.map((folder) => ({ href: `/${folder.plural}`, sign: folder.kind, name: labelOfFolder(folder, tongue) })),
    ...pipelines.map(({ key, name }) => ({ href: `/board/${key}`, sign: "board", name: desk.board(name) })),
    { href: "/calendar", sign: "calendar", name: desk.calendar },
    { href: "/campaigns", sign: "campaign", name: desk.campaigns },
    { href: "/imports", sign: "import", name: desk.imports },
    { href: "/duplicates", sign: "twins", name: desk.duplicates },
    { href: "/health", sign: "health", name: desk.health },
    { href: "/settings/people", sign: "settings", name: desk.settings, under: "/settings" },
  ];
}
