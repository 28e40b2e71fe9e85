// Where the cursor of a letter stands, told by the letters before it: so it finds
// its place again when the text becomes formatted, or plain.

const bare = (text: string) => text.replace(/\s/g, "").length;

// lettersIn counts the letters of a plain text, without the signs of what it quotes.
export const lettersIn = (text: string): number => bare(text.replace(/^(> ?)+/gm, ""));

// placeIn is where in a plain text so many letters have gone by.
export function placeIn(text: string, letters: number): number {
  if (letters <= 0) return 0;
  let low = 0;
  let high = text.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (lettersIn(text.slice(0, middle)) < letters) low = middle + 1;
    else high = middle;
  }
  return low;
}

interface Node {
  text?: string | undefined;
  descendants: (see: (node: Node, at: number) => boolean) => void;
}

// placeOf is the same in a formatted one.
export function placeOf(page: Node, letters: number): number {
  let left = letters;
  let place = 0;
  page.descendants((node, at) => {
    if (left > 0 && node.text) {
      const within = placeIn(node.text, left);
      left -= bare(node.text.slice(0, within));
      place = at + within;
    }
    return left > 0;
  });
  return place;
}
