import { store, stored } from "../look/stored";

const key = "threadline:language";

export const languages = [
  { value: "en", label: "English" },
  { value: "fr", label: "Français" },
  { value: "it", label: "Italiano" },
  { value: "pl", label: "Polski" },
];

// The language that the reader chose on this machine; without one it is that of
// the account.
export const chosenLanguage = () => stored(key);

export const keepLanguage = (language: string) => store(key, language);
