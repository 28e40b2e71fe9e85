import { useQueryClient } from "@tanstack/react-query";
import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useRef, useState } from "react";
import { call, Refused } from "../api/client";
import { useWords } from "../words/words";
import styles from "./shell.module.css";

interface Undo {
  offer: (said: string, batch?: string) => void; // a notice; with a batch it can be undone
  back: () => void; // undoes the last thing that can be
}

const UndoContext = createContext<Undo>({ offer: () => {}, back: () => {} });

export const useUndo = () => useContext(UndoContext);

const shownFor = 8000;

// Undoing keeps what this page wrote and can take back, newest last, and shows
// one notice at a time. Ctrl-Z undoes too, except where something is typed.
export function Undoing({ children }: { children: ReactNode }) {
  const words = useWords();
  const client = useQueryClient();
  const batches = useRef<string[]>([]);
  const [notice, setNotice] = useState<{ said: string; batch?: string | undefined } | null>(null);

  const offer = useCallback((said: string, batch?: string) => {
    if (batch) batches.current.push(batch);
    setNotice({ said, batch });
  }, []);
  const back = useCallback(async () => {
    const batch = batches.current.pop();
    if (!batch) return;
    try {
      await call(`/api/v1/changes/${batch}/undo`, { method: "POST" });
      setNotice({ said: words.desk.undone });
    } catch (cause) {
      setNotice({ said: cause instanceof Refused ? cause.message : words.failed });
    }
    await client.invalidateQueries();
  }, [client, words]);

  useEffect(() => {
    if (!notice) return;
    const timer = setTimeout(() => setNotice(null), shownFor);
    return () => clearTimeout(timer);
  }, [notice]);
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.key !== "z" || !(event.ctrlKey || event.metaKey) || event.shiftKey || isTyping(event.target)) return;
      event.preventDefault();
      void back();
    };
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, [back]);

  const undo = useMemo(() => ({ offer, back }), [offer, back]);
  return (
    <UndoContext value={undo}>
      {children}
      <div className={styles.notices} role="status">
        {notice ? (
          <p className={styles.notice}>
            <span>{notice.said}</span>
            {notice.batch ? (
              <button type="button" onClick={() => void back()}>
                {words.desk.undo}
              </button>
            ) : null}
            <button type="button" onClick={() => setNotice(null)}>
              {words.dismiss}
            </button>
          </p>
        ) : null}
      </div>
    </UndoContext>
  );
}

// isTyping tells whether a key belongs to what is being written.
export function isTyping(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest("input, textarea, select, [contenteditable]") !== null;
}
