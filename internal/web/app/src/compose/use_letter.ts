import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState, useSyncExternalStore } from "react";
import { useDrafts } from "../look/draft";
import { Keeper } from "./keeper";
import type { Letter } from "./letter";
import { draftsPath } from "./places";

// useKeeper keeps a letter for as long as somebody looks at it.
export function useKeeper(slot: string, first: () => Letter): Keeper {
  const drafts = useDrafts();
  const client = useQueryClient();
  const [keeper] = useState(
    () => new Keeper(drafts, slot, first, () => void client.invalidateQueries({ queryKey: [draftsPath] })),
  );
  useEffect(() => {
    const online = () => void keeper.save().catch(() => {});
    const back = () => void keeper.look();
    addEventListener("online", online);
    addEventListener("focus", back);
    return () => {
      removeEventListener("online", online);
      removeEventListener("focus", back);
      keeper.close();
    };
  }, [keeper]);
  return keeper;
}

export const useLetter = (keeper: Keeper) => useSyncExternalStore(keeper.listen, keeper.now);

export const useStanding = (keeper: Keeper) => useSyncExternalStore(keeper.listen, keeper.stands);
