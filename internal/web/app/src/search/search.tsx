import { lazy, Suspense, useCallback, useEffect, useState } from "react";
import { Sign } from "../look/sign";
import styles from "../shell/shell.module.css";
import { useWords } from "../words/words";

const Palette = lazy(() => import("./palette").then(({ Palette }) => ({ default: Palette })));

// Search opens the palette: by its button, by Ctrl-K from anywhere, or by a
// slash where nothing is typed.
export function Search() {
  const { desk } = useWords();
  const [open, setOpen] = useState(false);
  const close = useCallback(() => setOpen(false), []);
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.shiftKey) return;
      event.preventDefault();
      setOpen((before) => !before);
    };
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, []);
  return (
    <>
      <button type="button" className={styles.find} onClick={() => setOpen(true)}>
        <Sign name="find" />
        <span>{desk.search}</span>
        <kbd>Ctrl K</kbd>
      </button>
      <Suspense>{open ? <Palette close={close} /> : null}</Suspense>
    </>
  );
}
