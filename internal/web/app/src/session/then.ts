// Whoever has to sign in first goes on afterwards to where they wanted to: the
// link of a repair may be opened where nobody is signed in. It is kept for a while
// beside the page, because Google's sign-in and one-time links leave it.
const key = "then";
const life = 15 * 60_000;
const allowed = /^\/google\/connect\?mailbox=mbx_[a-z2-7]+$/;

// keepThen remembers what the address of the sign-in page names.
export function keepThen(search: string, now = Date.now()) {
  const then = new URLSearchParams(search).get("then") ?? "";
  if (allowed.test(then)) localStorage.setItem(key, JSON.stringify({ then, until: now + life }));
}

// takeThen is where to go on to, once; null for nowhere.
export function takeThen(now = Date.now()): string | null {
  const kept = localStorage.getItem(key);
  localStorage.removeItem(key);
  if (!kept) return null;
  try {
    const { then, until } = JSON.parse(kept) as { then?: unknown; until?: unknown };
    return typeof then === "string" && typeof until === "number" && until > now && allowed.test(then) ? then : null;
  } catch {
    return null; // another version of this page wrote it
  }
}
