import type { Action } from "./types";

// The one endpoint that answers with cards. A card names it by its public
// address; this page asks for the same path at its own origin, where the session
// cookie is valid, and refuses any other path.
const endpoint = "/addon/v1/event";

export interface Event {
  path: string;
  body: unknown;
}

interface Moment {
  message: string | undefined; // undefined: none is open
  locale: string;
  now: Date;
}

// openEvent is the event of a message that is opened, or of none, or of another
// entry point that is named.
export function openEvent(at: Moment, trigger = at.message ? "message" : "home"): Event {
  return { path: `${endpoint}?t=${trigger}`, body: frame(at, {}) };
}

// actionEvent is the event of an action that a card asks for, or null when the
// card names something else than our endpoint.
export function actionEvent(at: Moment, action: Action, inputs: Record<string, unknown>): Event | null {
  const path = pathOf(action.function);
  if (!path) return null;
  const parameters = Object.fromEntries((action.parameters ?? []).map(({ key, value }) => [key, value]));
  return { path, body: frame(at, { parameters, formInputs: inputs }) };
}

function pathOf(address: string): string | null {
  try {
    const url = new URL(address, "http://same.origin.invalid");
    return url.pathname === endpoint ? url.pathname + url.search : null;
  } catch {
    return null;
  }
}

// frame is what all events share, in the form in which Gmail sends them.
function frame({ message, locale, now }: Moment, more: object) {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return {
    commonEventObject: {
      hostApp: "GMAIL",
      platform: "WEB",
      userLocale: locale,
      timeZone: { id: zone, offset: -now.getTimezoneOffset() * 60_000 },
      ...more,
    },
    ...(message ? { gmail: { messageId: `tl-${message}` } } : {}),
  };
}
