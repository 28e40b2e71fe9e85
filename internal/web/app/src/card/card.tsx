import { useId, useState } from "react";
import { fixed } from "../look/fixed";
import { useWords } from "../words/words";
import styles from "./card.module.css";
import { CardButton, Menu } from "./click";
import { Markup } from "./markup";
import type { Card, Section } from "./types";
import { CardWidget } from "./widgets";

// CardView shows one card as the sidebar of Gmail does: header, sections with
// lines between them, a footer that stays.
export function CardView({ card, onBack }: { card: Card; onBack?: (() => void) | undefined }) {
  const { fixedFooter: footer } = card;
  return (
    <article className={styles.card} aria-label={card.header?.title}>
      <Header card={card} onBack={onBack} />
      {fixed(card.sections ?? [], (section) => (
        <CardSection section={section} />
      ))}
      {footer ? (
        <footer className={styles.footer}>
          {footer.secondaryButton ? <CardButton button={footer.secondaryButton} /> : null}
          {footer.primaryButton ? <CardButton button={{ type: "FILLED", ...footer.primaryButton }} /> : null}
        </footer>
      ) : null}
    </article>
  );
}

function Header({ card, onBack }: { card: Card; onBack?: (() => void) | undefined }) {
  const words = useWords();
  const { header, cardActions = [] } = card;
  if (!header && !onBack && cardActions.length === 0) return null;
  return (
    <header className={styles.header}>
      {onBack ? (
        <button
          type="button"
          className={`${styles.button} ${styles.iconOnly}`}
          aria-label={words.back}
          onClick={onBack}
        >
          <svg className={styles.icon} viewBox="0 0 24 24" aria-hidden="true">
            <path d="M19 12H5.5M11 6l-6 6 6 6" />
          </svg>
        </button>
      ) : null}
      {header?.imageUrl ? (
        <img
          className={header.imageType === "CIRCLE" ? styles.avatar : styles.logo}
          src={header.imageUrl}
          alt={header.imageAltText ?? ""}
        />
      ) : null}
      <div className={styles.titles}>
        <h2 className={styles.title}>{header?.title}</h2>
        {header?.subtitle ? <p className={styles.subtitle}>{header.subtitle}</p> : null}
      </div>
      {cardActions.length > 0 ? (
        <Menu
          className={`${styles.button} ${styles.iconOnly}`}
          label={words.menu}
          items={cardActions.map((action) => ({ label: action.actionLabel, onClick: action.onClick }))}
        >
          <svg className={styles.icon} viewBox="0 0 24 24" aria-hidden="true">
            <path d="M12 5.5v.01M12 12v.01M12 18.5v.01" strokeWidth="3" />
          </svg>
        </Menu>
      ) : null}
    </header>
  );
}

function CardSection({ section }: { section: Section }) {
  const words = useWords();
  const id = useId();
  const [open, setOpen] = useState(false);
  const widgets = section.widgets ?? [];
  const shown = section.collapsible ? (section.uncollapsibleWidgetsCount ?? 0) : widgets.length;
  const folded = widgets.length - shown;
  const control = section.collapseControl?.[open ? "collapseButton" : "expandButton"];
  return (
    <section className={styles.section} aria-labelledby={section.header ? id : undefined}>
      {section.header ? (
        <h3 className={styles.heading} id={id}>
          <Markup text={section.header} />
        </h3>
      ) : null}
      {fixed(open ? widgets : widgets.slice(0, shown), (widget) => (
        <CardWidget widget={widget} />
      ))}
      {folded > 0 ? (
        <button type="button" className={styles.fold} aria-expanded={open} onClick={() => setOpen(!open)}>
          {control?.text ?? (open ? words.showLess : words.showMore(folded))}
          <svg className={open ? styles.chevronUp : styles.chevron} viewBox="0 0 24 24" aria-hidden="true">
            <path d="M6.5 9.5l5.5 5.5 5.5-5.5" />
          </svg>
        </button>
      ) : null}
    </section>
  );
}
