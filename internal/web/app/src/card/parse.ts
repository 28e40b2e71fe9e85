// The small HTML that cards allow in texts: b, i, u, s (strike, del), font
// color, a href, br and time. It is read into a tree of known nodes; what is not
// known stays visible as text or loses its tag, and nothing ever reaches the
// browser as HTML.

export type Node = string | { tag: "br" } | Styled | Anchor;
export type Styled = { tag: "b" | "i" | "u" | "s"; inside: Node[] } | { tag: "font"; color: string; inside: Node[] };
export interface Anchor {
  tag: "a";
  href: string;
  inside: Node[];
}

type Open = { name: string; inside: Node[]; href?: string | undefined; color?: string | undefined };

const tagPattern = /<(\/?)([a-z][a-z0-9]*)((?:\s+[^<>]*)?)\/?>/giy;
const attributePattern = /([a-z-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))/gi;
const names: Record<string, string> = { strong: "b", em: "i", strike: "s", del: "s", ins: "u" };
const known = new Set(["b", "i", "u", "s", "a", "font"]);
const entities: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: "\u00a0" };
const maxDepth = 20;

// parseMarkup reads a text of a card. Tags that are never closed end with the
// text; a closing tag closes what was opened inside it.
export function parseMarkup(text: string): Node[] {
  const root: Open = { name: "", inside: [] };
  const stack: Open[] = [root];
  let plain = "";
  const flush = () => {
    if (plain) stack.at(-1)?.inside.push(decode(plain));
    plain = "";
  };
  for (let at = 0; at < text.length; ) {
    const tag = text[at] === "<" ? tagAt(text, at) : null;
    if (!tag) {
      plain += text[at++];
      continue;
    }
    flush();
    apply(stack, tag);
    at = tag.end;
  }
  flush();
  while (stack.length > 1) close(stack);
  return root.inside;
}

interface Tag {
  name: string;
  closing: boolean;
  attributes: string;
  end: number;
}

function tagAt(text: string, at: number): Tag | null {
  tagPattern.lastIndex = at;
  const match = tagPattern.exec(text);
  if (!match) return null;
  const name = (match[2] ?? "").toLowerCase();
  return {
    name: names[name] ?? name,
    closing: match[1] === "/",
    attributes: match[3] ?? "",
    end: tagPattern.lastIndex,
  };
}

function apply(stack: Open[], tag: Tag): void {
  if (tag.name === "br") {
    stack.at(-1)?.inside.push({ tag: "br" });
  } else if (!known.has(tag.name)) {
    return; // the tag goes, its text stays
  } else if (!tag.closing) {
    if (stack.length > maxDepth) return;
    stack.push({
      name: tag.name,
      inside: [],
      href: safeHref(attribute(tag, "href")),
      color: safeColor(attribute(tag, "color")),
    });
  } else if (stack.some((open) => open.name === tag.name)) {
    while (stack.at(-1)?.name !== tag.name) close(stack);
    close(stack);
  }
}

function close(stack: Open[]): void {
  const open = stack.pop();
  const parent = stack.at(-1);
  if (!open || !parent) return;
  const node = nodeOf(open);
  if (node) parent.inside.push(node);
  else parent.inside.push(...open.inside);
}

function nodeOf(open: Open): Node | null {
  const { inside } = open;
  switch (open.name) {
    case "b":
    case "i":
    case "u":
    case "s":
      return { tag: open.name, inside };
    case "font":
      return open.color === undefined ? null : { tag: "font", color: open.color, inside };
    case "a":
      return open.href === undefined ? null : { tag: "a", href: open.href, inside };
    default:
      return null;
  }
}

function attribute(tag: Tag, wanted: string): string | undefined {
  for (const [, name, double, single, bare] of tag.attributes.matchAll(attributePattern)) {
    if (name?.toLowerCase() === wanted) return decode(double ?? single ?? bare ?? "");
  }
  return undefined;
}

// safeHref passes web addresses, mail addresses and phone numbers; everything
// else, javascript: above all, is no link.
export function safeHref(href: string | undefined): string | undefined {
  const trimmed = href?.trim() ?? "";
  return /^(https?:\/\/|mailto:|tel:)/i.test(trimmed) ? trimmed : undefined;
}

function safeColor(color: string | undefined): string | undefined {
  const trimmed = color?.trim() ?? "";
  return /^(#[0-9a-f]{3}|#[0-9a-f]{6}|[a-z]{3,20})$/i.test(trimmed) ? trimmed : undefined;
}

function decode(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,5}));/gi, (whole, decimal, hex, name) => {
    if (name) return entities[name.toLowerCase()] ?? whole;
    const point = decimal ? Number(decimal) : Number.parseInt(hex, 16);
    return point > 0 && point <= 0x10ffff && !(point >= 0xd800 && point < 0xe000) ? String.fromCodePoint(point) : whole;
  });
}
