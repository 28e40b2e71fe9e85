import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { Mock } from "./mock.mjs";
import { folder, Script } from "./script.mjs";

const card = (...widgets) => ({ name: "n", header: { title: "T" }, sections: [{ widgets }] });
const push = (...widgets) => ({ action: { navigations: [{ pushCard: card(...widgets) }] } });

test("the manifest names functions that exist", () => {
  const named = [...readFileSync(join(folder, "appsscript.json"), "utf8").matchAll(/"(?:runFunction|onTriggerFunction)":\s*"(\w+)"/g)].map((m) => m[1]);
  const { space } = new Script();
  assert.deepEqual(named.toSorted(), ["onCompose", "onHomepage", "onMessage", "onSettings"]);
  for (const name of [...named, "onAction", "onDraft"]) assert.equal(typeof space[name], "function", name);
});

test("an event goes to the server with both tokens, and no other", () => {
  const script = new Script();
  script.run("onMessage", push({ textParagraph: { text: "x" } }), { gmail: { messageId: "msg-f:7", accessToken: "a" }, commonEventObject: { hostApp: "GMAIL" } });
  const [{ url, options }] = script.sent;
  assert.equal(url, "https://threadline.example/addon/v1/event?t=message");
  assert.equal(options.headers.Authorization, "Bearer identity");
  assert.deepEqual(JSON.parse(options.payload), {
    gmail: { messageId: "msg-f:7", accessToken: "a" },
    commonEventObject: { hostApp: "GMAIL" },
    authorizationEventObject: { userOAuthToken: "access" },
  });
  for (const [name, trigger] of Object.entries({ onHomepage: "home", onCompose: "compose", onSettings: "settings" })) {
    script.run(name, push({ divider: {} }));
    assert.equal(script.sent.at(-1).url, `https://threadline.example/addon/v1/event?t=${trigger}`);
  }
});

test("actions come back with their parameters", () => {
  const script = new Script();
  const action = { function: "https://threadline.example/addon/v1/event", parameters: [{ key: "op", value: "x" }], requiredWidgets: ["q"], loadIndicator: "SPINNER" };
  script.run("onHomepage", push({ buttonList: { buttons: [{ text: "Go", onClick: { action } }] } }));
  const args = (method) => script.cards.calls.find((one) => one.method === method)?.args[0];
  assert.equal(args("Action.setFunctionName"), "onAction");
  assert.deepEqual({ ...args("Action.setParameters") }, { op: "x" });
  assert.equal(args("Action.addRequiredWidget"), "q");
  script.run("onAction", { renderActions: { action: { navigations: [{ pop: true }] } }, stateChanged: true });
  assert.equal(script.cards.calls.filter((one) => one.method === "ActionResponseBuilder.setStateChanged").at(-1).args[0], true);
});

test("a click that begins a mail opens the draft that the server made", () => {
  const script = new Script();
  const action = { function: "https://threadline.example/addon/v1/event", parameters: [{ key: "op", value: "mail.draft" }, { key: "compose", value: "draft" }] };
  script.run("onHomepage", push({ buttonList: { buttons: [{ text: "Go", onClick: { action } }] } }));
  const names = script.cards.calls.map(({ method }) => method);
  assert.ok(names.includes("TextButton.setComposeAction") && !names.includes("TextButton.setOnClickAction"), names.join());
  assert.equal(script.cards.calls.filter(({ method }) => method === "Action.setFunctionName").at(-1).args[0], "onDraft");

  const markup = { openCreatedDraftActionMarkup: { draftId: "r-7", draftThreadId: "15e9" } };
  script.run("onDraft", { renderActions: { hostAppAction: { gmailAction: markup } } });
  assert.deepEqual(script.gmail.calls, [{ method: "GmailApp.getDraft", args: ["r-7"] }]);
  assert.equal(script.cards.calls.at(-1).method, "ComposeActionResponseBuilder.build");
  assert.throws(() => script.run("onDraft", { renderActions: { action: { notification: { text: "Not now" } } } }), /Not now/);
  assert.throws(() => script.run("onDraft", { renderActions: { action: { navigations: [{ pushCard: card({ divider: {} }) }] } } }), /^Error: T$/);
  // Asking for scopes ends the callback in Gmail, and goes on here.
  assert.throws(() => script.run("onDraft", { requesting_google_scopes: { scopes: ["s"] } }), /made no draft/);
  assert.equal(script.scripts.calls.at(-1).method, "ScriptApp.requireScopes");
});

test("missing scopes are asked for", () => {
  const script = new Script();
  script.run("onMessage", { requesting_google_scopes: { scopes: ["s"] } });
  script.run("onMessage", { requesting_google_scopes: { all_scopes: true } });
  assert.deepEqual(script.scripts.calls.map((one) => one.method), ["ScriptApp.requireScopes", "ScriptApp.requireAllScopes"]);
});

test("a server in trouble is an error, not an empty card", () => {
  const script = new Script();
  script.answer = { status: 502, body: {} };
  assert.throws(() => script.space.onHomepage({}), /Threadline answers 502/);
});

test("what the script does not know is refused", () => {
  for (const [name, body] of Object.entries({
    widget: push({ carousel: {} }),
    "two widgets": push({ divider: {}, textParagraph: { text: "x" } }),
    field: push({ textParagraph: { text: "x", maxLines: 2 } }),
    icon: push({ decoratedText: { text: "x", startIcon: { knownIcon: "DRAGON" } } }),
    "kind of choice": push({ selectionInput: { name: "a", type: "DROP_DOWN", items: [] } }),
    "no text": push({ textParagraph: {} }),
    "a number for text": push({ textParagraph: { text: 1 } }),
    answer: { surprise: {} },
  })) {
    assert.throws(() => new Script().run("onHomepage", body), Error, name);
  }
  assert.throws(() => new Script().run("onAction", { renderActions: { action: { navigations: [{ leap: true }] } } }), /unknown step/);
});

test("the mock refuses what the published types do not have", () => {
  const service = new Mock("card-service").make("CardService");
  assert.throws(() => service.newColumns(), /no method CardService.newColumns/);
  assert.throws(() => service.newTextParagraph().setText(), /does not take/);
  assert.throws(() => service.newTextParagraph().setMaxLines(1), /no method/);
  assert.throws(() => service.UpdateDraftBodyType.INSERT_AT_START, /no member/);
  assert.throws(() => service.newCardSection().addWidget(service.newAction()), /does not take/);
  assert.throws(() => service.newDecoratedText().setStartIcon(service.Icon.EMAIL), /does not take/);
  assert.ok(service.newDecoratedText().setButton(service.newTextButton()));
});
