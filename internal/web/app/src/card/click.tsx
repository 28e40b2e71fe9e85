import { type ReactNode, useEffect, useId, useRef, useState } from "react";
import { Anchor } from "../look/link";
import { useWords } from "../words/words";
import styles from "./card.module.css";
import { useHost } from "./host";
import { CardIcon } from "./icons";
import { safeHref } from "./parse";
import type { Button, OnClick } from "./types";

interface Props {
  onClick?: OnClick | undefined;
  disabled?: boolean | undefined;
  className?: string | undefined;
  label?: string | undefined;
  children: ReactNode;
}

// Clickable is whatever onClick makes of its children: a link, a button, a
// button with a menu, or nothing to click.
export function Clickable({ onClick, disabled, className, label, children }: Props) {
  const host = useHost();
  const href = safeHref(onClick?.openLink?.url);
  if (onClick?.overflowMenu) {
    const items = onClick.overflowMenu.items.map((item) => ({ ...item, label: item.text }));
    return (
      <Menu items={items} className={className} label={label}>
        {children}
      </Menu>
    );
  }
  if (href && !disabled && onClick?.openLink?.onClose !== "RELOAD") {
    const ours = pathHere(href);
    if (ours) {
      return (
        <Anchor className={className} href={ours} aria-label={label}>
          {children}
        </Anchor>
      );
    }
    return (
      <a className={className} href={href} target="_blank" rel="noopener noreferrer" aria-label={label}>
        {children}
      </a>
    );
  }
  if (!onClick || (onClick.openLink && !href)) return <span className={className}>{children}</span>;
  return (
    <button
      type="button"
      className={className}
      aria-label={label}
      disabled={disabled || host.busy}
      onClick={() => host.click(onClick)}
    >
      {children}
    </button>
  );
}

// pathHere is the path of an address of this app, or null for any other.
function pathHere(href: string): string | null {
  const url = URL.canParse(href) ? new URL(href) : null;
  return url?.origin === location.origin ? url.pathname + url.search + url.hash : null;
}

interface MenuItem {
  label: string;
  disabled?: boolean;
  onClick: OnClick;
}

interface MenuProps {
  items: MenuItem[];
  className?: string | undefined;
  label?: string | undefined;
  children: ReactNode;
}

// Menu is a button with a list of things to click.
export function Menu({ items, className, label, children }: MenuProps) {
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const id = useId();
  useEffect(() => {
    if (!open) return;
    const leave = (event: Event) => {
      if (event instanceof KeyboardEvent ? event.key === "Escape" : !box.current?.contains(event.target as Node)) {
        setOpen(false);
      }
    };
    document.addEventListener("pointerdown", leave);
    document.addEventListener("keydown", leave);
    return () => {
      document.removeEventListener("pointerdown", leave);
      document.removeEventListener("keydown", leave);
    };
  }, [open]);
  return (
    <div className={styles.menuBox} ref={box}>
      <button
        type="button"
        className={className}
        aria-label={label}
        aria-expanded={open}
        aria-controls={id}
        onClick={() => setOpen(!open)}
      >
        {children}
      </button>
      {open ? (
        <ul className={styles.menu} id={id}>
          {items.map((item) => (
            <li key={item.label} onClickCapture={() => setTimeout(() => setOpen(false))}>
              <Clickable className={styles.menuItem} onClick={item.onClick} disabled={item.disabled}>
                {item.label}
              </Clickable>
            </li>
          ))}
        </ul>
      ) : null}
    </div>
  );
}

// CardButton is a button of a card, with text, an icon, or both.
export function CardButton({ button }: { button: Button }) {
  const words = useWords();
  const name = button.altText ?? button.text ?? button.icon?.altText ?? words.menu;
  const kind = button.color ? styles.filled : (shapes[button.type ?? ""] ?? styles.plain);
  return (
    <Clickable
      className={`${styles.button} ${button.text ? kind : styles.iconOnly}`}
      onClick={button.onClick}
      disabled={button.disabled}
      label={button.text ? undefined : name}
    >
      {button.icon ? <CardIcon icon={button.icon} /> : null}
      {button.text}
    </Clickable>
  );
}

const shapes: Readonly<Record<string, string | undefined>> = {
  OUTLINED: styles.plain,
  FILLED: styles.filled,
  FILLED_TONAL: styles.tonal,
  BORDERLESS: styles.borderless,
};
