// Which pictures of a letter do not go along, and why. The server decides so, by the
// rule that package page tells; here people are told before they send.
export type Left = "within" | "insecure" | "hidden" | "nowhere";

const leastSeen = 3; // pixels

// leaves says why a picture is not sent, "" for one that is.
export function leaves(picture: Element): Left | "" {
  const src = (picture.getAttribute("src") ?? "").trim();
  const sides = ["width", "height"].map((side) => picture.getAttribute(side) ?? "");
  if (sides.some(isTiny) || picture.hasAttribute("hidden") || isUnseen(picture.getAttribute("style") ?? ""))
    return "hidden";
  if (/^\{\{|^https:\/\/[^\s/]/i.test(src)) return "";
  if (/^http:/i.test(src)) return "insecure";
  return /^data:/i.test(src) ? "within" : "nowhere";
}

function isTiny(size: string): boolean {
  const number = size.trim().replace(/px$/i, "").trim();
  return number !== "" && Number(number) < leastSeen;
}

function isUnseen(style: string): boolean {
  return style
    .toLowerCase()
    .split(";")
    .some((rule) => {
      const [name = "", said = ""] = rule.split(":").map((part) => part.trim());
      const value = said.replace(/!important$/, "").trim();
      if (name === "display") return value === "none";
      if (name === "visibility") return value === "hidden";
      if (name === "opacity") return value !== "" && Number(value) === 0;
      return ["width", "height", "max-width", "max-height"].includes(name) && isTiny(value);
    });
}

// leftOut are the reasons for which pictures of some HTML do not go along, each once.
export function leftOut(html: string): readonly Left[] {
  if (!/<img\b/i.test(html)) return [];
  const page = new DOMParser().parseFromString(html, "text/html");
  const all = [...page.querySelectorAll("img")].map(leaves);
  return [...new Set(all)].filter((why) => why !== "");
}
