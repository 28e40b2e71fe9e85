import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { draftsOf } from "../look/draft";
import { Keeper } from "./keeper";
import { blank } from "./letter";

interface Asked {
  method: string;
  path: string;
  body: { text?: string };
  key: string | undefined;
}

// What the server was asked, and how it answers the next time.
let asked: Asked[] = [];
let answers: ((asked: Asked) => Response | Promise<Response>)[] = [];

const json = (body: object, status = 200) => new Response(JSON.stringify(body), { status });
const kept = (id = "out_1") => json({ id });
const noDraft = () => json({ status: 404, field: "id" }, 404);
const cut = () => Promise.reject(new TypeError("network"));

beforeEach(() => {
  asked = [];
  answers = [];
  vi.useFakeTimers();
  vi.stubGlobal("fetch", async (path: string, init: RequestInit) => {
    const headers = init.headers as Record<string, string>;
    const one = {
      method: init.method ?? "",
      path,
      body: JSON.parse(String(init.body ?? "{}")),
      key: headers["idempotency-key"],
    };
    asked.push(one);
    return (answers.shift() ?? (() => kept()))(one);
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  localStorage.clear();
});

const drafts = draftsOf("anna:north");
const open = (slot = "new") =>
  new Keeper(
    drafts,
    slot,
    () => blank("mbx_1"),
    () => {},
  );
const later = (ms: number) => vi.advanceTimersByTimeAsync(ms);
const went = () => asked.map(({ method, path, body }) => `${method} ${path} ${body.text ?? ""}`.trim());

test("a letter is kept here at once, and on the server after a pause; then nothing of it stays here", async () => {
  const keeper = open();
  keeper.set({ text: "one" });
  keeper.set({ text: "one, two" });
  expect([drafts.keys("letter:"), keeper.standing.state, asked.length]).toEqual([["letter:new"], "typed", 0]);
  await later(1500);
  expect(went()).toEqual(["POST /api/v1/drafts one, two"]);
  expect([drafts.keys("letter:"), keeper.standing.state, keeper.letter.id]).toEqual([[], "saved", "out_1"]);
  keeper.set({ text: "three" });
  keeper.close(); // does not wait for the pause
  await later(0);
  expect(went().at(-1)).toBe("PUT /api/v1/drafts/out_1 three");
  expect(drafts.keys("letter:")).toEqual([]);
});

test("what is typed while the server writes is written after it, never beside it", async () => {
  const keeper = open();
  let done = (_: Response) => {};
  answers.push(() => new Promise((answer) => (done = answer)));
  keeper.set({ text: "one" });
  await later(1500);
  keeper.set({ text: "two" });
  await later(5000);
  expect(asked.length).toBe(1);
  done(kept());
  await later(0);
  expect(went()).toEqual(["POST /api/v1/drafts one", "PUT /api/v1/drafts/out_1 two"]);
  expect(keeper.standing.state).toBe("saved");
});

test("a lost network keeps the words, says so, and asks again under the same key", async () => {
  const keeper = open();
  answers.push(cut);
  keeper.set({ text: "in a tunnel" });
  await later(1500);
  expect([keeper.standing.state, drafts.keys("letter:")]).toEqual(["waits", ["letter:new"]]);
  const again = open(); // the page was loaded anew meanwhile
  expect(again.letter.text).toBe("in a tunnel");
  await later(5000);
  expect(new Set(asked.map(({ key }) => key)).size).toBe(1);
  expect([keeper.standing.state, again.standing.state]).toEqual(["saved", "saved"]);
});

test("words for a draft that was sent elsewhere become a draft of their own", async () => {
  const keeper = open();
  keeper.set({ text: "one" });
  await later(1500);
  answers.push(noDraft, () => kept("out_2"));
  keeper.set({ text: "two" });
  await later(1500);
  expect(went().slice(1)).toEqual(["PUT /api/v1/drafts/out_1 two", "POST /api/v1/drafts two"]);
  expect([keeper.letter.id, keeper.standing.gone]).toEqual(["out_2", true]);
  expect(asked[0]?.key).not.toBe(asked[2]?.key);
});

test("who sends twice because the first answer was lost sends once", async () => {
  const keeper = open();
  keeper.set({ text: "one", to: ["anna@north.example"] });
  answers.push(() => kept(), cut);
  await expect(keeper.send()).rejects.toThrow();
  answers.push(noDraft, () => json({ id: "out_1", state: "sent" }));
  expect(await keeper.send()).toBe("out_1");
  expect(went().slice(1)).toEqual([
    "POST /api/v1/drafts/out_1/send",
    "POST /api/v1/drafts/out_1/send",
    "GET /api/v1/outgoing/out_1",
  ]);
  expect(drafts.keys("letter:")).toEqual([]);
});
