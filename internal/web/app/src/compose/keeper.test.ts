import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { draftsOf } from "../look/draft";
import { Keeper } from "./keeper";
import { blank } from "./letter";

interface Asked {
  method: string;
  path: string;
  body: { text?: string; to?: string[] };
  key: string | undefined;
  match: string | undefined;
}

// What the server was asked, and how it answers the next time.
let asked: Asked[] = [];
let answers: ((asked: Asked) => Response | Promise<Response>)[] = [];

const json = (body: object, status = 200) => new Response(JSON.stringify(body), { status });
// The server has one draft; each write of it makes a new version.
let version = 0;
const draft = (text: string, id = "out_1") => {
  const { to } = asked.at(-1)?.body ?? {};
  return { id, mailbox: "mbx_1", words: { text, to }, version: String(++version) };
};
const kept = (id = "out_1", text = asked.at(-1)?.body.text ?? "") => json(draft(text, id));
const cutAfter = (text: string) => () => {
  draft(text); // the server has it
  return cut();
};
const stale = () => json({ status: 412, field: "version" }, 412);
const noDraft = () => json({ status: 404, field: "id" }, 404);
const cut = () => Promise.reject(new TypeError("network"));

beforeEach(() => {
  asked = [];
  version = 0;
  answers = [];
  vi.useFakeTimers();
  vi.stubGlobal("fetch", async (path: string, init: RequestInit) => {
    const headers = init.headers as Record<string, string>;
    const one = {
      method: init.method ?? "",
      path,
      body: JSON.parse(String(init.body ?? "{}")),
      key: headers["idempotency-key"],
      match: headers["if-match"],
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
  done(kept("out_1", "one"));
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

test("a draft that was written elsewhere is not written over: both texts stay until one is chosen", async () => {
  const written = async () => {
    const keeper = open();
    keeper.set({ text: "one" });
    await later(1500);
    answers.push(stale, () => json(draft("theirs")));
    keeper.set({ text: "ours" });
    await later(1500);
    expect([keeper.standing.state, keeper.standing.theirs?.text, keeper.letter.text]).toEqual([
      "parted",
      "theirs",
      "ours",
    ]);
    expect(asked.at(-2)?.match).toBe(String(version - 1));
    return keeper;
  };
  const keeper = await written();
  keeper.set({ text: "ours, and more" });
  await later(10_000);
  expect(went().length).toBe(3); // nothing is written meanwhile
  const [key = ""] = drafts.keys("letter:apart-out_1");
  expect(drafts.read<{ text: string; id: string }>(key)).toMatchObject({ text: "ours, and more", id: "" });
  await expect(keeper.send()).rejects.toThrow();
  await keeper.settle("ours");
  expect([went().at(-1), asked.at(-1)?.match]).toEqual([
    "PUT /api/v1/drafts/out_1 ours, and more",
    String(version - 1),
  ]);
  expect([keeper.standing.state, drafts.keys("letter:")]).toEqual(["saved", []]);

  const other = await written();
  await other.settle("theirs");
  expect([other.letter.text, drafts.keys("letter:"), went().at(-1)]).toEqual([
    "theirs",
    [],
    "GET /api/v1/drafts/out_1",
  ]);

  const both = await written();
  answers.push(() => kept("out_2"));
  await both.settle("both");
  expect([went().at(-1), both.letter.id]).toEqual(["POST /api/v1/drafts ours", "out_2"]);
  expect(drafts.keys("letter:")).toEqual([]);
});

test("what was kept and not answered is known again, and no conflict", async () => {
  const keeper = open();
  keeper.set({ text: "one" });
  await later(1500);
  answers.push(cutAfter("two"));
  keeper.set({ text: "two" });
  await later(1500);
  expect(keeper.standing.state).toBe("waits");
  answers.push(stale, () => json({ ...draft("two"), version: String(version) }));
  keeper.set({ text: "two, three" });
  await later(1500);
  expect([went().at(-1), keeper.standing.state]).toEqual(["PUT /api/v1/drafts/out_1 two, three", "saved"]);

  answers.push(cutAfter("new"), () => kept("out_9", "new"));
  const fresh = open("other");
  fresh.set({ text: "new" });
  await later(1500);
  fresh.set({ text: "new, and more" });
  await later(1500);
  expect(went().slice(-2)).toEqual(["POST /api/v1/drafts new, and more", "PUT /api/v1/drafts/out_9 new, and more"]);
});

test("a letter that has nothing of its own takes in what was written elsewhere", async () => {
  const keeper = open();
  keeper.set({ text: "one" });
  await later(1500);
  answers.push(() => json(draft("from the other tab")));
  await keeper.look();
  expect(keeper.letter.text).toBe("from the other tab");
  keeper.set({ text: "typed" });
  await keeper.look();
  expect(keeper.letter.text).toBe("typed");
});
