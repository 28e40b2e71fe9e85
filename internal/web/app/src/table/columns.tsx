import { Checkbox } from "@mantine/core";
import { useMemo, useState } from "react";
import type { FieldView, FolderView, ViewView } from "../api/api";
import { Drop } from "../look/drop";
import { store, stored } from "../look/stored";
import { labelOfField, shownFields } from "../record/folders";
import { useTongue } from "../words/words";

export interface Chosen {
  shown: readonly FieldView[];
  keys: readonly string[];
  choose: (keys: readonly string[]) => void;
}

const six = 6;

// Money says its currency itself, and long texts do not fit into a line. What goes
// through stages shows in which one it is.
export function atFirst(all: readonly FieldView[]): string[] {
  const fit = all.filter(({ type }) => type !== "currency_code" && type !== "long_text").map(({ key }) => key);
  const first = fit.slice(0, six);
  return !fit.includes("stage") || first.includes("stage") ? first : [...first.slice(0, six - 1), "stage"];
}

// useColumns is which fields of a folder the reader wants to see: those of the
// view, until they are changed; without one the choice is kept on this machine.
export function useColumns(folder: FolderView, view: ViewView | undefined): Chosen {
  const place = `threadline:columns:${folder.plural}`;
  const [keys, setKeys] = useState<readonly string[]>(() => {
    if (view?.columns?.length) return view.columns;
    return kept(place) ?? atFirst(shownFields(folder));
  });
  const choose = (next: readonly string[]) => {
    setKeys(next);
    if (!view) store(place, JSON.stringify(next));
  };
  const shown = useMemo(() => shownFields(folder).filter((field) => keys.includes(field.key)), [folder, keys]);
  return { shown, keys, choose };
}

function kept(place: string): string[] | null {
  try {
    const list: unknown = JSON.parse(stored(place) ?? "null");
    return Array.isArray(list) && list.every((one) => typeof one === "string") ? list : null;
  } catch {
    return null;
  }
}

export function Columns({ folder, columns }: { folder: FolderView; columns: Chosen }) {
  const tongue = useTongue();
  const { keys, choose } = columns;
  const turn = (key: string) => choose(keys.includes(key) ? keys.filter((one) => one !== key) : [...keys, key]);
  return (
    <Drop label={tongue.words.desk.columns}>
      {() =>
        shownFields(folder).map((field) => (
          <Checkbox
            key={field.key}
            size="xs"
            label={labelOfField(field, tongue)}
            checked={keys.includes(field.key)}
            onChange={() => turn(field.key)}
          />
        ))
      }
    </Drop>
  );
}
