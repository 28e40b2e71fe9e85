// The HTML of a mail is shown in a frame without scripts and without network.
// The server has sanitised it; this is the second lock, and it counts what stays
// outside so that the reader can be told.

// Attributes that load something when they are shown.
const loading = ["src", "srcset", "background", "poster"];

// kept is where a style waits until the frame is loaded: the policy of the page
// holds in the frame too and forbids style attributes, but not styles that a
// script of the page sets.
const kept = "data-kept-style";

export interface Quarantined {
  document: string;
  blocked: number; // pictures that would have been loaded from elsewhere
}

// quarantine makes the document of the frame. stylesheet is an address of our
// own origin.
export function quarantine(html: string, stylesheet: string): Quarantined {
  // A template is inert. Style attributes get their waiting name before they are
  // parsed, because the parser already reports them as a breach of the policy.
  const template = document.createElement("template");
  template.innerHTML = html.replace(/<[a-z][^<>]*>/gi, (tag) => tag.replace(/\sstyle(?=\s*=)/gi, ` ${kept}`));
  const page = template.content;
  for (const element of page.querySelectorAll(
    "script, style, link, meta, base, iframe, object, embed, svg, math, form",
  )) {
    if (element.tagName === "FORM") element.replaceWith(...element.childNodes);
    else element.remove();
  }
  let blocked = 0;
  for (const element of page.querySelectorAll("*")) {
    if (stripLoading(element) && element.tagName === "IMG") blocked++;
    tame(element);
  }
  const policy = `default-src 'none'; img-src data:; style-src ${location.origin}`;
  const head =
    `<meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${policy}">` +
    `<base target="_blank"><link rel="stylesheet" href="${stylesheet}">`;
  return { document: `<!doctype html><html><head>${head}</head><body>${template.innerHTML}</body></html>`, blocked };
}

function stripLoading(element: Element): boolean {
  let stripped = false;
  for (const name of loading) {
    const value = element.getAttribute(name);
    if (value === null || /^data:image\//i.test(value.trim())) continue;
    element.removeAttribute(name);
    stripped = true;
  }
  return stripped;
}

function tame(element: Element) {
  for (const { name } of [...element.attributes]) {
    if (/^on/i.test(name)) element.removeAttribute(name);
  }
  const href = element.getAttribute("href");
  if (href !== null && !/^(https?:|mailto:|tel:)/i.test(href.trim())) element.removeAttribute("href");
  else if (href !== null) element.setAttribute("rel", "noopener noreferrer");
  element.removeAttribute("style");
  if (/url\(|image-set|expression|@import/i.test(element.getAttribute(kept) ?? "")) element.removeAttribute(kept);
}

// dress gives the elements of a loaded frame their own styles back, save those
// that would leave their place.
export function dress(page: Document) {
  for (const element of page.querySelectorAll<HTMLElement>(`[${kept}]`)) {
    element.style.cssText = element.getAttribute(kept) ?? "";
    if (/fixed|sticky|absolute/.test(element.style.position)) element.style.position = "static";
    element.removeAttribute(kept);
  }
}
