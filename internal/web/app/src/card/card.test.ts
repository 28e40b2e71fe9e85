import { describe, expect, test } from "vitest";
import { readReply } from "./envelope";
import { actionEvent, openEvent } from "./event";
import { formInputs, inputsOf, missing } from "./form";
import { navigate } from "./stack";
import widgets from "./testdata/widgets.json";
import type { Card } from "./types";

const card = (name: string): Card => ({ name, header: { title: name }, sections: [] });
const names = (stack: readonly Card[]) => stack.map((one) => one.name).join(" ");
const deal = () => readReply(widgets).navigations[0]?.pushCard ?? card("none");

describe("readReply", () => {
  test.each([
    ["trigger", { action: { navigations: [{ pushCard: card("a") }] } }, "a"],
    ["action", { renderActions: { action: { navigations: [{ updateCard: card("b") }] } } }, "b"],
    ["bare card", { name: "c", sections: [] }, "c"],
    ["sign-in", { custom_authorization_prompt: { action: { navigations: [{ pushCard: card("d") }] } } }, "d"],
  ])("%s", (_, answer, want) => {
    const step = readReply(answer).navigations[0];
    expect((step?.pushCard ?? step?.updateCard)?.name).toBe(want);
  });

  test("notice, link, offers, nothing", () => {
    const action = { notification: { text: "Saved" }, link: { url: "https://a.example/" } };
    expect(readReply({ renderActions: { action } })).toEqual({
      navigations: [],
      notification: "Saved",
      link: { url: "https://a.example/" },
    });
    expect(readReply({ autoComplete: { items: [{ text: "Acme" }] } }).suggestions).toEqual(["Acme"]);
    expect(readReply({ renderActions: {} })).toEqual({ navigations: [] });
  });

  test.each([[null], ["text"], [[]], [{}], [{ error: "x" }]])("%j is no card", (answer) => {
    expect(() => readReply(answer)).toThrow("no card");
  });
});

describe("navigate", () => {
  const stack = [card("root"), card("list"), card("one")];
  test.each([
    ["push", [{ pushCard: card("new") }], "root list one new"],
    ["update", [{ updateCard: card("new") }], "root list new"],
    ["pop", [{ pop: true }], "root list"],
    ["pop to root", [{ popToRoot: true }], "root"],
    ["pop to card", [{ popToCard: "list" }], "root list"],
    ["pop to an unknown card", [{ popToCard: "gone" }], "root list one"],
    ["pop, then update", [{ pop: true }, { updateCard: card("new") }], "root new"],
    ["pop more than there are", [{ pop: true }, { pop: true }, { pop: true }], "root"],
    ["nothing known", [{}], "root list one"],
  ])("%s", (_, steps, want) => {
    expect(names(navigate(stack, steps))).toBe(want);
  });

  test("update without a card shows it", () => {
    expect(names(navigate([], [{ updateCard: card("first") }]))).toBe("first");
  });
});

describe("inputs", () => {
  test("first values", () => {
    expect(Object.fromEntries(inputsOf(deal()).map(({ name, initial }) => [name, initial]))).toEqual({
      stage: ["proposal"],
      next: [],
      about: ["Two options\nBudget until March"],
      close: ["2026-12-15"],
      show: ["deals"],
      log: ["known"],
      remind: ["true"],
    });
  });

  test("as an event carries them: empty ones are absent", () => {
    const values = { stage: ["won"], remind: [], close: ["2027-01-02"] };
    expect(formInputs(deal(), values)).toEqual({
      stage: { stringInputs: { value: ["won"] } },
      about: { stringInputs: { value: ["Two options\nBudget until March"] } },
      close: { dateInput: { msSinceEpoch: String(Date.UTC(2027, 0, 2)) } },
      show: { stringInputs: { value: ["deals"] } },
      log: { stringInputs: { value: ["known"] } },
    });
  });

  test("times", () => {
    const pick = (type: string, valueMsEpoch: number): Card => ({
      sections: [{ widgets: [{ dateTimePicker: { name: "at", type, valueMsEpoch } }] }],
    });
    expect(formInputs(pick("TIME_ONLY", 34_200_000), {})).toEqual({ at: { timeInput: { hours: 9, minutes: 30 } } });
    expect(formInputs(pick("DATE_AND_TIME", 1_795_339_800_000), {})).toEqual({
      at: { dateTimeInput: { msSinceEpoch: "1795339800000", hasDate: true, hasTime: true } },
    });
  });

  test("what is required and empty", () => {
    const action = { function: "x", requiredWidgets: ["next", "about"] };
    expect(missing(deal(), {}, action)).toEqual(["next"]);
    expect(missing(deal(), { next: ["  "] }, action)).toEqual(["next"]);
    expect(missing(deal(), { next: ["call"] }, action)).toEqual([]);
    expect(missing(deal(), {}, { function: "x", allWidgetsAreRequired: true })).toEqual(["next"]);
  });
});

describe("events", () => {
  const at = { message: "msg_1", locale: "pl", now: new Date() };

  test("a message is opened", () => {
    expect(openEvent(at)).toMatchObject({
      path: "/addon/v1/event?t=message",
      body: {
        commonEventObject: { hostApp: "GMAIL", platform: "WEB", userLocale: "pl" },
        gmail: { messageId: "tl-msg_1" },
      },
    });
  });

  test("an action goes to our own origin, whatever host the card names", () => {
    const action = { function: "https://crm.example/addon/v1/event", parameters: [{ key: "op", value: "x" }] };
    const event = actionEvent(at, action, { a: 1 });
    expect(event?.path).toBe("/addon/v1/event");
    expect(event?.body).toMatchObject({ commonEventObject: { parameters: { op: "x" }, formInputs: { a: 1 } } });
  });

  test.each(["https://crm.example/api/v1/session", "//evil.example/x", "onAction", "javascript:x", ""])(
    "an action elsewhere is refused: %s",
    (address) => {
      expect(actionEvent(at, { function: address }, {})).toBeNull();
    },
  );
});
