// Which pictures of a letter do not go along, and why. The server decides so, by the
// rule that package page tells; here people are told before they send.
export type Left = "within" | "insecure" | "hidden" | "nowhere";

const leastSeen = 3; // pixels

const raster = /^data:image\/(png|jpeg|gif|webp);base64,/i;

// leaves says why a picture is not sent, "" for one that is; a mail brings along
// those whose bytes stand in it.
export function leaves(picture: Element, along = false): Left | "" {
  const src = (picture.getAttribute("src") ?? "").trim();
  const sides = ["width", "height"].map((side) => picture.getAttribute(side) ?? "");
  if (sides.some(isTiny) || picture.hasAttribute("hidden") || isUnseen(picture.getAttribute("style") ?? ""))
    return "hidden";
  if (/^\{\{|^https:\/\/[^\s/]/i.test(src)) return "";
  if (/^http:/i.test(src)) return "insecure";
  if (along && raster.test(src)) return "";
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
export function leftOut(html: string, along = false): readonly Left[] {
  if (!/<img\b/i.test(html)) return [];
  const page = new DOMParser().parseFromString(html, "text/html");
  const all = [...page.querySelectorAll("img")].map((picture) => leaves(picture, along));
  return [...new Set(all)].filter((why) => why !== "");
}

// Pictures of this size stand in the text; larger ones go along as files, as those
// do for which there is no room.
const largest = 300_000; // bytes
const room = 800_000; // characters of the text with its pictures

// stands tells whether a file that is pasted becomes a picture in the text.
export const stands = (file: File, written: number) =>
  /^image\/(png|jpeg|gif|webp)$/.test(file.type) && file.size <= largest && written + file.size * 1.4 <= room;

// addressOf is a file as an address that holds it.
export const addressOf = (file: File): Promise<string> =>
  new Promise((done, fail) => {
    const reader = new FileReader();
    reader.onload = () => done(String(reader.result));
    reader.onerror = () => fail(reader.error);
    reader.readAsDataURL(file);
  });
