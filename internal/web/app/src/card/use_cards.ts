import { useCallback, useEffect, useMemo, useReducer, useRef } from "react";
import { call } from "../api/client";
import { go } from "../route";
import { useTongue } from "../words/words";
import { readReply } from "./envelope";
import { actionEvent, type Event, openEvent } from "./event";
import { formInputs, inputsOf, missing, type Values } from "./form";
import type { Host } from "./host";
import { safeHref } from "./parse";
import { navigate } from "./stack";
import type { Action, Card, OnClick, OpenLink, Reply } from "./types";

interface State {
  stack: readonly Card[];
  values: Values;
  lacking: readonly string[];
  busy: boolean;
  notice: string | null;
  failure: unknown;
}

type Change =
  | { is: "asking"; anew: boolean }
  | { is: "answered"; reply: Reply; anew: boolean }
  | { is: "failed"; failure: unknown }
  | { is: "typed"; name: string; value: readonly string[] }
  | { is: "lacking"; names: readonly string[] }
  | { is: "back" }
  | { is: "dismissed" };

const nothing: State = { stack: [], values: {}, lacking: [], busy: false, notice: null, failure: null };

function change(state: State, by: Change): State {
  switch (by.is) {
    case "asking":
      return by.anew ? { ...nothing, busy: true } : { ...state, busy: true, failure: null, lacking: [] };
    case "answered": {
      const stack = navigate(by.anew ? [] : state.stack, by.reply.navigations);
      const notice = by.reply.notification ?? state.notice;
      return { ...state, stack, notice, busy: false, failure: null, values: valuesFor(stack, state) };
    }
    case "failed":
      return { ...state, busy: false, failure: by.failure };
    case "typed":
      return {
        ...state,
        values: { ...state.values, [by.name]: by.value },
        lacking: state.lacking.filter((name) => name !== by.name),
      };
    case "lacking":
      return { ...state, lacking: by.names };
    case "back": {
      const stack = navigate(state.stack, [{ pop: true }]);
      return { ...state, stack, failure: null, values: valuesFor(stack, state) };
    }
    case "dismissed":
      return { ...state, notice: null };
  }
}

// valuesFor keeps what was typed as long as the same card is on top and gives
// the inputs of a new one their first values.
function valuesFor(stack: readonly Card[], before: State): Values {
  const top = stack.at(-1);
  if (!top) return {};
  if (top === before.stack.at(-1)) return before.values;
  return Object.fromEntries(inputsOf(top).map(({ name, initial }) => [name, initial]));
}

// Send carries an event to the endpoint and returns its answer.
export type Send = (event: Event, signal?: AbortSignal) => Promise<unknown>;

// sendBySession is how this page does it: the session says who asks.
const sendBySession: Send = (event, signal) =>
  call<unknown>(event.path, signal ? { body: event.body, signal } : { body: event.body });

// Surroundings are what a host other than this page changes.
export interface Surroundings {
  send?: Send | undefined;
  trigger?: string | undefined; // the entry point; without: the message, or the day
  onDraft?: ((draft: NonNullable<Reply["draft"]>) => void) | undefined;
  onCreated?: ((draft: string) => Promise<void>) | undefined; // opens a draft
}

// useCards loads the card of a message, or of the day, and keeps the cards that lie on it.
export function useCards(message: string | undefined, around: Surroundings = {}) {
  const { send = sendBySession, trigger, onDraft, onCreated } = around;
  const { tag } = useTongue();
  const [state, tell] = useReducer(change, nothing);
  const running = useRef<AbortController | null>(null);

  const ask = useCallback(
    async (event: Event, anew: boolean) => {
      running.current?.abort();
      const mine = new AbortController();
      running.current = mine;
      tell({ is: "asking", anew });
      try {
        const reply = readReply(await send(event, mine.signal));
        if (mine.signal.aborted) return;
        tell({ is: "answered", reply, anew });
        if (reply.link) follow(reply.link, send === sendBySession);
        if (reply.draft) onDraft?.(reply.draft);
        if (reply.created) await onCreated?.(reply.created);
      } catch (failure) {
        if (!mine.signal.aborted) tell({ is: "failed", failure });
      }
    },
    [send, onDraft, onCreated],
  );

  const reload = useCallback(
    () => ask(openEvent({ message, locale: tag, now: new Date() }, trigger), true),
    [ask, message, tag, trigger],
  );

  useEffect(() => {
    void reload();
    return () => running.current?.abort();
  }, [reload]);

  const top = state.stack.at(-1);
  const { values } = state;

  const run = useCallback(
    (action: Action, changed?: { name: string; value: readonly string[] }) => {
      if (!top) return;
      const current = changed ? { ...values, [changed.name]: changed.value } : values;
      const names = missing(top, current, action);
      if (names.length > 0) return tell({ is: "lacking", names });
      const event = actionEvent({ message, locale: tag, now: new Date() }, action, formInputs(top, current));
      if (event) void ask(event, false);
      else tell({ is: "failed", failure: new TypeError("the card names an address that is not ours") });
    },
    [ask, message, tag, top, values],
  );

  const click = useCallback(
    (what: OnClick) => {
      if (what.openLink) open(what.openLink, reload);
      else if (what.card) tell({ is: "answered", reply: { navigations: [{ pushCard: what.card }] }, anew: false });
      else if (what.action ?? what.openDynamicLinkAction) run((what.action ?? what.openDynamicLinkAction) as Action);
    },
    [reload, run],
  );

  const suggest = useCallback(
    async (action: Action, name: string, typed: string) => {
      const inputs = { [name]: { stringInputs: { value: [typed] } } };
      const event = actionEvent({ message, locale: tag, now: new Date() }, action, inputs);
      if (!event) return [];
      return readReply(await send(event)).suggestions ?? [];
    },
    [message, send, tag],
  );

  const set = useCallback((name: string, value: readonly string[]) => tell({ is: "typed", name, value }), []);
  const back = useCallback(() => tell({ is: "back" }), []);
  const dismiss = useCallback(() => tell({ is: "dismissed" }), []);

  const { busy, lacking } = state;
  const host = useMemo<Host>(
    () => ({ busy, values, lacking, set, click, run, suggest }),
    [busy, values, lacking, set, click, run, suggest],
  );
  return { host, stack: state.stack, notice: state.notice, failure: state.failure, reload, back, dismiss };
}

// follow opens what an answer leads to: a page of this app in this tab, where the
// cards are its own.
function follow(link: OpenLink, own: boolean) {
  const href = safeHref(link.url);
  const at = href && own ? new URL(href, location.href) : undefined;
  if (at?.origin === location.origin) go(at.pathname + at.search);
  else open(link);
}

// open shows an address in a tab of its own. A card that wants to be loaded
// again afterwards is, when the reader comes back to this tab.
function open(link: OpenLink, reload?: () => void) {
  const href = safeHref(link.url);
  if (!href) return;
  window.open(href, "_blank", "noopener,noreferrer");
  if (link.onClose === "RELOAD" && reload) window.addEventListener("focus", reload, { once: true });
}
