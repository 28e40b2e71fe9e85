import { afterEach, expect, test, vi } from "vitest";
import { fewest, scopesOfAll, signedBy, type World } from "./signed";

afterEach(() => vi.unstubAllGlobals());

const email = "https://www.googleapis.com/auth/userinfo.email";

// served answers events in turn, and keeps what was sent.
function served(...answers: unknown[]) {
  const sent: Record<string, Record<string, unknown>>[] = [];
  vi.stubGlobal("fetch", async (path: string, init: RequestInit = {}) => {
    if (path === "/demo/token") return Response.json({ systemIdToken: "system", userIdToken: "user" });
    sent.push(JSON.parse(String(init.body)));
    return Response.json(answers.shift());
  });
  return sent;
}

const event = { path: "/addon/v1/event?t=compose", body: { commonEventObject: { hostApp: "GMAIL" } } };

test("scopes that are lacking are asked for, and the same event goes out again", async () => {
  const sent = served({ requesting_google_scopes: { scopes: [email] } }, { action: {} });
  const world: World = { scopes: fewest, to: undefined };
  const asked: string[] = [];
  const send = signedBy(
    () => world,
    async (scopes) => {
      asked.push(...scopes);
      world.scopes = [...world.scopes, ...scopes];
    },
  );
  expect(await send(event)).toEqual({ action: {} });
  expect(asked).toEqual([email]);
  expect(sent.map((one) => one.authorizationEventObject?.userIdToken)).toEqual([undefined, "user"]);
  expect(sent[1]?.authorizationEventObject?.authorizedScopes).toEqual([...fewest, email]);
});

test("who refuses gets no card", async () => {
  served({ requesting_google_scopes: { all_scopes: true } });
  const refuse = signedBy(
    () => ({ scopes: fewest, to: undefined }),
    async (scopes) => {
      expect(scopes).toEqual(scopesOfAll);
      throw new TypeError("refused");
    },
  );
  await expect(refuse(event)).rejects.toThrow("refused");
});

test("the recipients of the draft are told", async () => {
  const sent = served({ action: {} });
  await signedBy(
    () => ({ scopes: scopesOfAll, to: ["nora@nord.example"] }),
    async () => {},
  )(event);
  expect(sent[0]?.gmail).toEqual({ toRecipients: ["nora@nord.example"], ccRecipients: [], bccRecipients: [] });
});
