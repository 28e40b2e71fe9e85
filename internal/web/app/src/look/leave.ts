import { useEffect, useRef } from "react";

// useLeave calls done when the reader leaves an open box: Escape, or a press
// anywhere else. After Escape the button of the box has the focus again.
export function useLeave(box: { current: HTMLElement | null }, open: boolean, done: () => void) {
  const last = useRef(done);
  last.current = done;
  useEffect(() => {
    if (!open) return;
    const press = (event: PointerEvent) => {
      if (!box.current?.contains(event.target as Node)) last.current();
    };
    const key = (event: KeyboardEvent) => {
      if (event.key !== "Escape") return;
      last.current();
      box.current?.querySelector("button")?.focus();
    };
    document.addEventListener("pointerdown", press);
    document.addEventListener("keydown", key);
    return () => {
      document.removeEventListener("pointerdown", press);
      document.removeEventListener("keydown", key);
    };
  }, [box, open]);
}
