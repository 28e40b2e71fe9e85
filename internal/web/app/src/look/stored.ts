// What somebody chose about the look of this app, and what they type, is kept on
// this machine. A browser that keeps nothing has it for as long as the page
// lasts.

export function stored(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

export function store(key: string, value: string) {
  try {
    localStorage.setItem(key, value);
  } catch {
    // see above
  }
}

export function forget(key: string) {
  try {
    localStorage.removeItem(key);
  } catch {
    // see above
  }
}

// keysOf are the keys of what is kept that begin so.
export function keysOf(prefix: string): readonly string[] {
  try {
    return Object.keys(localStorage).filter((key) => key.startsWith(prefix));
  } catch {
    return [];
  }
}

// forgetAll forgets what is kept under keys that begin so.
export function forgetAll(prefix: string) {
  for (const key of keysOf(prefix)) forget(key);
}
