// Addresses of the mail, and moving between addresses without a page load.

interface Place {
  message?: string | undefined;
  record?: string | undefined;
  list?: string | undefined; // ours, answer, theirs: mail that waits
}

// hrefOf writes the address of a message, of a record's mail, of a list, or of
// all mail.
export function hrefOf({ message, record, list }: Place): string {
  const query = new URLSearchParams();
  if (record) query.set("record", record);
  if (list) query.set("list", list);
  const path = message ? `/messages/${encodeURIComponent(message)}` : "/inbox";
  return query.size ? `${path}?${query}` : path;
}

// go opens an address of this app without loading the page anew. The router
// hears of it from the history.
export function go(href: string, options: { replace?: boolean } = {}) {
  if (options.replace) history.replaceState(null, "", href);
  else history.pushState(null, "", href);
}
