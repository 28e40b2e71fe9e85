import { call } from "../api/client";
import type { Event } from "../card/event";
import type { Send } from "../card/use_cards";

// Tokens are what Google would send with an event; the demo signs them.
interface Tokens {
  systemIdToken: string;
  userIdToken: string;
  userOAuthToken: string;
}

// World is what Gmail knows when it sends an event.
export interface World {
  scopes: readonly string[]; // that the person has granted
  to: readonly string[] | undefined; // recipients of the open draft; undefined: none is open
}

// Consent asks the person for scopes. It fails when they refuse.
export type Consent = (scopes: readonly string[]) => Promise<void>;

const prefix = "https://www.googleapis.com/auth/";

// scopesOfAll are those of the manifest; fewest are what is left to somebody who
// has refused the others.
export const scopesOfAll = [
  "gmail.addons.execute",
  "gmail.addons.current.message.metadata",
  "gmail.addons.current.action.compose",
  "userinfo.email",
  "script.locale",
].map((name) => prefix + name);
export const fewest = scopesOfAll.slice(0, 1);

// signedBy posts events as Gmail does: with the tokens of the person and of the
// host, and without the session of this page. Tokens are asked for anew with each
// event, because they expire. When the answer asks for scopes, the person is
// asked, and the same event goes out again.
export function signedBy(world: () => World, consent: Consent): Send {
  return async (event, signal) => {
    for (;;) {
      const answer = await post(event, world(), signal);
      const wanted = wantedBy(answer);
      if (wanted.length === 0) return answer;
      await consent(wanted);
      signal?.throwIfAborted();
    }
  };
}

async function post(event: Event, world: World, signal: AbortSignal | undefined): Promise<unknown> {
  const tokens = await call<Tokens>("/demo/token", signal ? { signal } : {});
  const init: RequestInit = {
    method: "POST",
    credentials: "omit",
    headers: { "content-type": "application/json", authorization: `Bearer ${tokens.systemIdToken}` },
    body: JSON.stringify(bodyOf(event, world, tokens)),
  };
  if (signal) init.signal = signal;
  const answer = await fetch(event.path, init);
  if (!answer.ok) throw new TypeError(`the endpoint answers ${answer.status}`);
  return answer.json();
}

// bodyOf is the event with what Gmail adds. Who clicked is told with one of the
// scopes only.
function bodyOf(event: Event, { scopes, to }: World, { systemIdToken, userIdToken, userOAuthToken }: Tokens) {
  const body = event.body as { gmail?: object };
  const who = scopes.includes(`${prefix}userinfo.email`) ? { userIdToken } : {};
  return {
    ...body,
    ...(to && { gmail: { ...body.gmail, toRecipients: to, ccRecipients: [], bccRecipients: [] } }),
    authorizationEventObject: { systemIdToken, userOAuthToken, ...who, authorizedScopes: scopes },
  };
}

// wantedBy are the scopes that an answer asks for.
function wantedBy(answer: unknown): readonly string[] {
  const request = (answer as { requesting_google_scopes?: { scopes?: string[]; all_scopes?: boolean } } | null)
    ?.requesting_google_scopes;
  if (!request) return [];
  return request.all_scopes ? scopesOfAll : (request.scopes ?? []);
}
