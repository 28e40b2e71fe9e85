// textOf is what a reader sees of HTML, line by line: a draft here is plain text.
export function textOf(html: string): string {
  const body = new DOMParser().parseFromString(html, "text/html").body;
  for (const line of body.querySelectorAll("br")) line.replaceWith("\n");
  for (const block of body.querySelectorAll("p, div, li, h1, h2, h3")) block.append("\n");
  return body.textContent ?? "";
}
