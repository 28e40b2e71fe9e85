const key = "threadline:language";

// The language that the reader chose on this machine; without one it is that of
// the account.
export function chosenLanguage(): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

export function keepLanguage(language: string) {
  try {
    localStorage.setItem(key, language);
  } catch {
    // A browser that keeps nothing: it lasts as long as the page.
  }
}
