import { Node } from "@tiptap/core";
import styles from "./rich.module.css";

const kept = ["src", "alt", "title", "width", "height", "style"];

// Picture is a picture in formatted text. While somebody writes, one from elsewhere
// is a box that says what it is: recipients load it, this page loads nothing.
export const Picture = Node.create({
  name: "image",
  group: "inline",
  inline: true,
  draggable: true,
  addAttributes: () => Object.fromEntries(kept.map((name) => [name, { default: null }])),
  parseHTML: () => [{ tag: "img[src]" }],
  renderHTML: ({ HTMLAttributes }) => ["img", HTMLAttributes],
  renderText: ({ node }) => String(node.attrs.alt ?? ""),
  addNodeView: () => (props) => {
    const { src, alt } = props.node.attrs as Record<string, string | null>;
    if (/^data:image\/(png|jpeg|gif|webp);base64,/i.test(src ?? "")) {
      const dom = document.createElement("img");
      dom.src = src ?? "";
      dom.alt = alt ?? "";
      return { dom };
    }
    const dom = document.createElement("span");
    dom.className = styles.picture ?? "";
    dom.textContent = alt?.trim() || nameOf(src ?? "");
    dom.title = (src ?? "").slice(0, 200);
    return { dom };
  },
});

// nameOf is the file that an address names.
function nameOf(src: string): string {
  if (/^data:/i.test(src)) return "…";
  const path = src.replace(/[?#].*$/, "").replace(/\/+$/, "");
  return path.slice(path.lastIndexOf("/") + 1).slice(0, 60) || "…";
}
