import type { CSSProperties, ReactNode } from "react";
import { fixed } from "../look/fixed";
import styles from "./card.module.css";
import { type Node, parseMarkup } from "./parse";

// Markup shows a text of a card with its few tags as elements of our own.
export function Markup({ text }: { text: string }): ReactNode {
  return draw(parseMarkup(text));
}

function draw(nodes: readonly Node[]): ReactNode {
  return fixed(nodes, drawNode);
}

function drawNode(node: Node): ReactNode {
  if (typeof node === "string") return node;
  switch (node.tag) {
    case "br":
      return <br />;
    case "b":
      return <b>{draw(node.inside)}</b>;
    case "i":
      return <i>{draw(node.inside)}</i>;
    case "u":
      return <u>{draw(node.inside)}</u>;
    case "s":
      return <s>{draw(node.inside)}</s>;
    case "font":
      return (
        <span className={styles.tinted} style={{ "--said": node.color } as CSSProperties}>
          {draw(node.inside)}
        </span>
      );
    case "a":
      return (
        <a className={styles.anchor} href={node.href} target="_blank" rel="noopener noreferrer">
          {draw(node.inside)}
        </a>
      );
  }
}
