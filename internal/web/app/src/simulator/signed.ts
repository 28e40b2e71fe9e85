import { call } from "../api/client";
import type { Event } from "../card/event";
import type { Send } from "../card/use_cards";

// Tokens are what Google would send with an event; the demo signs them.
interface Tokens {
  systemIdToken: string;
  userIdToken: string;
}

const prefix = "https://www.googleapis.com/auth/";
const scopes = [
  "gmail.addons.execute",
  "gmail.addons.current.message.metadata",
  "gmail.addons.current.action.compose",
  "userinfo.email",
  "script.locale",
].map((name) => prefix + name);

// sendSigned posts an event as Gmail does: with the tokens of the person and of
// the host, and without the session of this page. Tokens are asked for anew with
// each event, because they expire.
export const sendSigned: Send = async (event, signal) => {
  const tokens = await call<Tokens>("/demo/token", signal ? { signal } : {});
  const init: RequestInit = {
    method: "POST",
    credentials: "omit",
    headers: { "content-type": "application/json", authorization: `Bearer ${tokens.systemIdToken}` },
    body: JSON.stringify(signedBody(event, tokens)),
  };
  if (signal) init.signal = signal;
  const answer = await fetch(event.path, init);
  if (!answer.ok) throw new TypeError(`the endpoint answers ${answer.status}`);
  return answer.json();
};

function signedBody(event: Event, tokens: Tokens) {
  return {
    ...(event.body as object),
    authorizationEventObject: { ...tokens, authorizedScopes: scopes },
  };
}
