import type { Mailbox, Me, Message, MessageRow, Page, Problem } from "./types";

// Refused is an answer of the server that is no success, or no answer at all
// (status 0). Its problem says in words what happened and what to do.
export class Refused extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail ?? problem.title ?? `HTTP ${problem.status}`);
    this.name = "Refused";
    this.problem = problem;
  }
}

export interface Call {
  method?: string;
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

// wanted is how the server is to answer: what it refuses is told in the language
// of the page.
const wanted = (): Record<string, string> => ({
  accept: "application/json, application/problem+json",
  "accept-language": document.documentElement.lang || navigator.language,
});

// call asks the server of this origin. A body is sent as JSON by POST.
export async function call<T>(path: string, options: Call = {}) {
  const init: RequestInit = { method: options.method ?? (options.body === undefined ? "GET" : "POST") };
  const headers: Record<string, string> = { ...wanted(), ...options.headers };
  init.headers = headers;
  init.credentials = "same-origin";
  if (options.signal) init.signal = options.signal;
  if (options.body !== undefined) {
    headers["content-type"] = "application/json";
    init.body = JSON.stringify(options.body);
  }
  const answer = await fetch(path, init).catch((cause: unknown) => {
    if (options.signal?.aborted) throw cause;
    throw new Refused({ status: 0, code: "unreachable" });
  });
  if (!answer.ok) throw new Refused(await problemOf(answer));
  return (answer.status === 204 ? undefined : await answer.json()) as T;
}

interface Upload {
  seen?: (bytes: number) => void; // how many have gone up
  signal?: AbortSignal;
}

// upload sends a file as it is. Only the older way of asking tells how far it is.
export function upload<T>(path: string, file: Blob, type: string, { seen, signal }: Upload = {}): Promise<T> {
  return new Promise<T>((took, refused) => {
    const asked = new XMLHttpRequest();
    const lost = () => refused(new Refused({ status: 0, code: "unreachable" }));
    asked.open("POST", path);
    for (const [name, value] of Object.entries({ ...wanted(), "content-type": type })) {
      asked.setRequestHeader(name, value);
    }
    asked.responseType = "json";
    if (seen) asked.upload.onprogress = ({ loaded }) => seen(loaded);
    asked.onload = () => {
      const { status, statusText, response } = asked;
      if (status >= 200 && status < 300) took(response as T);
      else refused(new Refused(problemIn(response, status, statusText)));
    };
    asked.onerror = lost;
    asked.onabort = lost;
    signal?.addEventListener("abort", () => asked.abort());
    asked.send(file);
  });
}

const problemOf = async (answer: Response): Promise<Problem> =>
  problemIn(await answer.json().catch(() => null), answer.status, answer.statusText);

function problemIn(told: unknown, status: number, text: string): Problem {
  const problem = typeof told === "object" && told !== null ? (told as Partial<Problem>) : {};
  return { ...problem, status, title: problem.title ?? text };
}

export const me = (signal: AbortSignal) => call<Me>("/api/v1/me", { signal });

export const mailboxes = (signal: AbortSignal) => call<Page<Mailbox>>("/api/v1/mailboxes", { signal });

export const signIn = (token: string) => call<void>("/api/v1/session", { body: { token } });

export interface Begun {
  second_factor: boolean;
}

export const signInByPassword = (email: string, password: string) =>
  call<Begun>("/api/v1/session/password", { body: { email, password } });

export const signInByCode = (code: string) => call<Begun>("/api/v1/session/code", { body: { code } });

export const signInWays = (signal: AbortSignal) => call<{ google: boolean }>("/api/v1/session/ways", { signal });

export const signOut = () => call<void>("/api/v1/session", { method: "DELETE" });

// messages lists mail: all of it, that of a record, or that which waits in one of
// the lists of threads.
export function messages(options: {
  record?: string | undefined;
  list?: string | undefined;
  cursor?: string | undefined;
  signal?: AbortSignal;
}) {
  const query = new URLSearchParams({ limit: "50" });
  if (options.record) query.set("record", options.record);
  if (options.list) query.set("list", options.list);
  if (options.cursor) query.set("cursor", options.cursor);
  const path = options.list ? "/api/v1/threads" : "/api/v1/messages";
  return call<Page<MessageRow>>(`${path}?${query}`, options.signal ? { signal: options.signal } : {});
}

export const message = (id: string, signal: AbortSignal) =>
  call<Message>(`/api/v1/messages/${encodeURIComponent(id)}`, { signal });
