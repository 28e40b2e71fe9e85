import { useTongue } from "./words";

// Catalogue is what one screen says, in every language. It comes with the
// screen, so that a first look need not load the words of all of them.
export type Catalogue<T> = Readonly<Record<"en" | "fr" | "it" | "pl", T>>;

// useSaid is the catalogue in the reader's language.
export function useSaid<T>(catalogue: Catalogue<T>): T {
  const language = useTongue().tag.slice(0, 2);
  return language in catalogue ? catalogue[language as keyof Catalogue<T>] : catalogue.en;
}
