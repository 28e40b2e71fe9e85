import type { FolderView } from "../api/api";
import { labelOfFolder } from "../record/folders";
import { type Place, usePlaces } from "../shell/places";
import { useSaid } from "../words/catalogue";
import { useTongue } from "../words/words";
import { said } from "./words";

export interface Command {
  id: string;
  sign: string;
  name: string;
  href: string;
}

// useCommands is what can be done from anywhere: go to a screen, make a record.
export function useCommands(folders: readonly FolderView[]): readonly Command[] {
  const tongue = useTongue();
  const words = useSaid(said);
  const places = usePlaces();
  const going = (place: Place) => ({ ...place, id: place.href, name: words.open(place.name) });
  const making = (folder: FolderView) => ({
    id: `new:${folder.plural}`,
    sign: folder.kind,
    name: words.make(labelOfFolder(folder, tongue)),
    href: `/${folder.plural}?new=1`,
  });
  return [...places.map(going), ...folders.filter(({ create }) => create).map(making)];
}

// fitting keeps what has every word that was asked, without regard to case and
// accents, in its name or in what is said about it.
export function fitting<T extends { name: string; about?: string | undefined }>(
  list: readonly T[],
  asked: string,
): readonly T[] {
  const words = flat(asked).split(/\s+/).filter(Boolean);
  return list.filter(({ name, about = "" }) => words.every((word) => flat(`${name} ${about}`).includes(word)));
}

// flat is a text in small letters without marks.
export function flat(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replaceAll("ł", "l");
}
