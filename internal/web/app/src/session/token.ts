// takeToken reads the one-time token of a sign-in link and takes it out of the
// address at once, so that it stays neither in the history nor in a copied link.
// It stands after the #, which browsers send to no server.
export function takeToken(): string | null {
  const token = location.hash.slice(1);
  if (location.pathname !== "/sign-in" || token === "") return null;
  history.replaceState(null, "", "/sign-in");
  return token;
}
