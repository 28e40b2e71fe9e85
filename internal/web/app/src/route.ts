import { useSyncExternalStore } from "react";

// Route is what the address says: sign in, or the mail, perhaps of one record
// only and perhaps with one message open.
export type Route = { page: "sign-in" } | { page: "mail"; message?: string; record?: string };

// Where a record has its address: one place for all kinds, and one for each kind
// as the API names them.
const records = new Set(["records", "contacts", "companies", "deals"]);

// routeOf reads an address. A record has an address of its own, because cards
// link to it; unknown addresses are the mail.
export function routeOf(path: string, search = ""): Route {
  const [first = "", id = ""] = path.split("/").filter(Boolean).map(decode);
  if (first === "sign-in") return { page: "sign-in" };
  if (records.has(first) && id) return { page: "mail", record: id };
  const route: Route = { page: "mail" };
  const record = new URLSearchParams(search).get("record");
  if (first === "messages" && id) route.message = id;
  if (record) route.record = record;
  return route;
}

// decode reads a part of a path; one that is no valid encoding stays as it is.
function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

// hrefOf writes the address of a message, of a record's timeline, or of all mail.
export function hrefOf({ message, record }: { message?: string | undefined; record?: string | undefined }): string {
  if (message) {
    const query = record ? `?${new URLSearchParams({ record })}` : "";
    return `/messages/${encodeURIComponent(message)}${query}`;
  }
  return record ? `/records/${encodeURIComponent(record)}` : "/";
}

const moved = "threadline:moved";

// go opens an address of this app without loading the page anew.
export function go(href: string, options: { replace?: boolean } = {}) {
  if (options.replace) history.replaceState(null, "", href);
  else history.pushState(null, "", href);
  window.dispatchEvent(new Event(moved));
}

export function useRoute(): Route {
  const address = useSyncExternalStore(listen, () => location.pathname + location.search);
  const [path = "", search = ""] = address.split("?");
  return routeOf(path, search);
}

function listen(told: () => void) {
  window.addEventListener("popstate", told);
  window.addEventListener(moved, told);
  return () => {
    window.removeEventListener("popstate", told);
    window.removeEventListener(moved, told);
  };
}
