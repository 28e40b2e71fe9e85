import { leaves } from "./pictures";

// What stands in a letter that is formatted.

const lineOf = (line: string) => line.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");

// pageOf is a text as HTML: its paragraphs, its lines, and what it quotes. Empty
// lines above it stay: who answers begins there.
export function pageOf(text: string): string {
  const lines = text.replace(/\r\n/g, "\n").replace(/\n+$/, "").split("\n");
  const out: string[] = [];
  while (lines[0]?.trim() === "" && lines.length > 1) {
    lines.shift();
    if (out.length === 0) out.push("<p></p>");
  }
  for (const [part, quoted] of parted(lines)) {
    if (quoted) out.push(`<blockquote>${pageOf(part.map((line) => line.replace(/^> ?/, "")).join("\n"))}</blockquote>`);
    else out.push(...paragraphs(part));
  }
  return out.join("") || "<p></p>";
}

// parted cuts lines where those that are quoted begin and end.
function parted(lines: readonly string[]): [string[], boolean][] {
  const out: [string[], boolean][] = [];
  for (const line of lines) {
    const quoted = line.startsWith(">");
    const last = out.at(-1);
    if (last?.[1] === quoted) last[0].push(line);
    else out.push([[line], quoted]);
  }
  return out;
}

function paragraphs(lines: readonly string[]): string[] {
  const parts = lines.join("\n").split(/\n\s*\n/);
  const said = parts.filter((part) => part.trim() !== "");
  return said.map(
    (part) =>
      `<p>${part
        .replace(/^\n+|\n+$/g, "")
        .split("\n")
        .map(lineOf)
        .join("<br>")}</p>`,
  );
}

// isFormatted tells whether HTML says more than its text does.
export const isFormatted = (html: string) =>
  /<(b|strong|i|em|u|s|del|strike|a|ul|ol|blockquote|h[1-6]|table|img)\b/i.test(html);

// isForeign tells whether there is something in HTML that cannot be written here,
// and is lost when it is changed here.
export const isForeign = (html: string) => /<(table|font|center)\b|<(?!img\b)[^>]*\sstyle=/i.test(html);

const leading = (node: Element) => {
  const where = { a: "href", img: "src" }[node.localName];
  // What kind of picture it is the server tells by its bytes.
  return where ? ` ${(node.getAttribute(where) ?? "").replace(/^data:[^,]*,/i, "data:")}` : "";
};

const same: Readonly<Record<string, string>> = { b: "strong", i: "em", del: "s", strike: "s" };

// shapeOf is what HTML says and how it is formatted, without what two programs may
// write otherwise.
export function shapeOf(html: string): string {
  const out: string[] = [];
  const walk = (node: Node) => {
    for (const child of node.childNodes) {
      if (child.nodeType === Node.TEXT_NODE) out.push(child.textContent ?? "");
      if (!(child instanceof Element)) continue;
      const tag = child.localName;
      if (tag === "img" && leaves(child, true)) continue; // the server does not keep it
      out.push(`<${same[tag] ?? tag}${leading(child)}>`);
      walk(child);
      out.push("</>");
    }
  };
  walk(new DOMParser().parseFromString(html, "text/html").body);
  return out.join("").replace(/\s+/g, " ").trim();
}
