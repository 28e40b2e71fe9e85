import type { ReactNode } from "react";
import { fixed } from "../look/fixed";
import { useWords } from "../words/words";
import styles from "./card.module.css";
import { CardButton, Clickable } from "./click";
import { useHost } from "./host";
import { CardIcon } from "./icons";
import { Choice, Picker, TextField } from "./inputs";
import { Markup } from "./markup";
import type { DecoratedText, Widget } from "./types";

// CardWidget shows one widget, of whatever kind it is. A kind that this page
// does not know is named, so that nothing of a card vanishes unseen.
export function CardWidget({ widget }: { widget: Widget }): ReactNode {
  if (widget.decoratedText) return <Row row={widget.decoratedText} />;
  if (widget.textParagraph) return <Paragraph {...widget.textParagraph} />;
  if (widget.divider) return <hr className={styles.divider} />;
  if (widget.buttonList) {
    return (
      <div className={styles.buttons}>
        {fixed(widget.buttonList.buttons, (b) => (
          <CardButton button={b} />
        ))}
      </div>
    );
  }
  if (widget.chipList) return <Chips list={widget.chipList} />;
  if (widget.image) {
    return (
      <Clickable className={styles.imageBox} onClick={widget.image.onClick}>
        <img className={styles.image} src={widget.image.imageUrl} alt={widget.image.altText ?? ""} />
      </Clickable>
    );
  }
  if (widget.textInput) return <TextField input={widget.textInput} />;
  if (widget.selectionInput) return <Choice input={widget.selectionInput} />;
  if (widget.dateTimePicker) return <Picker input={widget.dateTimePicker} />;
  return <Unknown name={Object.keys(widget)[0] ?? "?"} />;
}

function Paragraph({ text, maxLines }: { text: string; maxLines?: number }) {
  const clamp = maxLines ? { WebkitLineClamp: maxLines } : undefined;
  return (
    <p className={`${styles.paragraph} ${maxLines ? styles.clamped : ""}`} style={clamp}>
      <Markup text={text} />
    </p>
  );
}

function Row({ row }: { row: DecoratedText }) {
  const icon = row.startIcon ?? row.icon;
  return (
    <div className={styles.row}>
      <Clickable className={styles.rowMain} onClick={row.onClick}>
        {icon ? <CardIcon icon={icon} /> : null}
        <span className={styles.rowText}>
          {row.topLabel ? (
            <span className={styles.top}>
              <Markup text={row.topLabel} />
            </span>
          ) : null}
          <span className={row.wrapText ? styles.wrapped : styles.single}>
            <Markup text={row.text} />
          </span>
          {row.bottomLabel ? (
            <span className={styles.bottom}>
              <Markup text={row.bottomLabel} />
            </span>
          ) : null}
        </span>
      </Clickable>
      {row.button ? <CardButton button={row.button} /> : null}
      {row.switchControl ? <Switch label={row.text} control={row.switchControl} /> : null}
      {row.endIcon ? <CardIcon icon={row.endIcon} /> : null}
    </div>
  );
}

function Switch({ label, control }: { label: string; control: NonNullable<DecoratedText["switchControl"]> }) {
  const host = useHost();
  const on = (host.values[control.name] ?? []).length > 0;
  return (
    <input
      type="checkbox"
      role="switch"
      className={styles.switch}
      aria-label={label.replace(/<[^>]*>/g, "")}
      checked={on}
      aria-checked={on}
      disabled={host.busy}
      onChange={() => {
        const value = on ? [] : [control.value ?? "true"];
        host.set(control.name, value);
        if (control.onChangeAction) host.run(control.onChangeAction, { name: control.name, value });
      }}
    />
  );
}

function Chips({ list }: { list: NonNullable<Widget["chipList"]> }) {
  const scrolls = list.layout === "HORIZONTAL_SCROLLABLE";
  return (
    <div className={scrolls ? styles.chipsScroll : styles.chips}>
      {fixed(list.chips, (chip) => (
        <Clickable
          className={styles.chip}
          onClick={chip.onClick}
          disabled={chip.disabled}
          label={chip.label ? undefined : chip.altText}
        >
          {chip.icon ? <CardIcon icon={chip.icon} /> : null}
          {chip.label}
        </Clickable>
      ))}
    </div>
  );
}

function Unknown({ name }: { name: string }) {
  return <p className={styles.unknown}>{useWords().unknownWidget(name)}</p>;
}
