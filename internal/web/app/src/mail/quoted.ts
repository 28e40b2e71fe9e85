// splitQuoted cuts a text where quoted text begins. The server counts bytes of
// UTF-8, because that is what it stores.
export function splitQuoted(text: string, at: number | undefined): { own: string; quoted: string } {
  if (!at || at < 0) return { own: text, quoted: "" };
  const bytes = new TextEncoder().encode(text);
  if (at >= bytes.length) return { own: text, quoted: "" };
  const read = (part: Uint8Array) => new TextDecoder().decode(part);
  return { own: read(bytes.subarray(0, at)), quoted: read(bytes.subarray(at)) };
}

export interface Piece {
  text: string;
  href?: string;
}

// linked cuts a text into plain pieces and web addresses. A full stop or bracket
// after an address is taken as the writer's, not the address's.
export function linked(text: string): Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  for (const match of text.matchAll(/https?:\/\/[^\s<>"]+/gi)) {
    const href = match[0].replace(/[.,;:!?)\]}'’]+$/, "");
    if (match.index > from) pieces.push({ text: text.slice(from, match.index) });
    pieces.push({ text: href, href });
    from = match.index + href.length;
  }
  if (from < text.length) pieces.push({ text: text.slice(from) });
  return pieces;
}
