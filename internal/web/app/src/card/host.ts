import { createContext, useContext } from "react";
import type { Values } from "./form";
import type { Action, OnClick } from "./types";

// Host is what the widgets of a card need of the page around them.
export interface Host {
  busy: boolean;
  values: Values;
  lacking: readonly string[]; // inputs that must be filled in first
  set: (name: string, value: readonly string[]) => void;
  click: (what: OnClick) => void;
  run: (action: Action, changed?: { name: string; value: readonly string[] }) => void;
  suggest: (action: Action, name: string, typed: string) => Promise<string[]>;
}

export const HostContext = createContext<Host | null>(null);

export function useHost(): Host {
  const host = useContext(HostContext);
  if (!host) throw new Error("a widget stands outside a card");
  return host;
}
