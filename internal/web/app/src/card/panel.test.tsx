import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { CardPanel } from "./panel";
import message from "./testdata/message.json";
import widgets from "./testdata/widgets.json";

type Answer = unknown | ((body: Sent) => unknown);
interface Sent {
  commonEventObject: { parameters?: Record<string, string>; formInputs?: Record<string, unknown> };
  gmail: { messageId: string };
}

const sent: { path: string; body: Sent }[] = [];
let answers: Answer[];

beforeEach(() => {
  sent.length = 0;
  vi.stubGlobal("fetch", async (path: string, init: RequestInit) => {
    const body = JSON.parse(String(init.body)) as Sent;
    sent.push({ path, body });
    const next = answers.shift();
    if (next instanceof Response) return next;
    return new Response(JSON.stringify(typeof next === "function" ? next(body) : next));
  });
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

test("a card as Gmail shows it: header, folded sections, rows, links", async () => {
  answers = [message];
  render(<CardPanel message="msg_1" />);
  await screen.findByRole("article", { name: "Anna Nowak" });
  expect(sent[0]).toMatchObject({ path: "/addon/v1/event?t=message", body: { gmail: { messageId: "tl-msg_1" } } });
  expect(screen.getByRole("region", { name: "Deals" }).textContent).toContain("Pump renewal 2027");
  expect(screen.getByText("Pump renewal 2027", { selector: "section:nth-of-type(2) b" })).toBeTruthy();

  const mail = screen.getByRole("link", { name: /anna\.nowak@balticpumps\.example/ });
  expect(mail.getAttribute("href")).toBe("mailto:anna.nowak@balticpumps.example");
  expect(mail.getAttribute("rel")).toContain("noopener");

  expect(screen.queryByText("Marek Zieliński")).toBeNull();
  fireEvent.click(screen.getByRole("button", { name: /Show 2 more/ }));
  expect(screen.getByText("Marek Zieliński")).toBeTruthy();
  fireEvent.click(screen.getByRole("button", { name: /Show less/ }));
  expect(screen.queryByText("Marek Zieliński")).toBeNull();
});

test("every widget has its control, and an unknown one is named", async () => {
  answers = [widgets];
  render(<CardPanel message="msg_1" />);
  const stage = (await screen.findByLabelText("Stage")) as HTMLSelectElement;
  expect(stage.value).toBe("proposal");
  expect((screen.getByLabelText("Notes") as HTMLTextAreaElement).value).toBe("Two options\nBudget until March");
  expect((screen.getByLabelText("Expected close") as HTMLInputElement).value).toBe("2026-12-15");
  expect((screen.getByLabelText("Deals") as HTMLInputElement).checked).toBe(true);
  expect((screen.getByLabelText("Timeline") as HTMLInputElement).checked).toBe(false);
  expect((screen.getByLabelText("Known contacts") as HTMLInputElement).type).toBe("radio");
  expect((screen.getByRole("switch", { name: "Remind me" }) as HTMLInputElement).checked).toBe(true);
  expect(screen.getByRole("link", { name: "this offer" }).getAttribute("href")).toBe(
    "https://crm.example/messages/msg_1",
  );
  expect(screen.getByRole("separator")).toBeTruthy();
  expect(screen.getByRole("img", { name: "Starred" })).toBeTruthy();
  expect((screen.getByRole("button", { name: "Later" }) as HTMLButtonElement).disabled).toBe(true);
  expect(screen.getByText("This page cannot show “carousel”.")).toBeTruthy();
  expect(screen.getByRole("status").textContent).toContain("Here is the deal");
  fireEvent.click(screen.getByRole("button", { name: "More to do" }));
  expect(screen.getByRole("link", { name: "Copy the link" })).toBeTruthy();
});

test("a change runs its action at once, with the new value", async () => {
  answers = [widgets, { renderActions: { action: { notification: { text: "Stage saved: Won" } } } }];
  render(<CardPanel message="msg_1" />);
  fireEvent.change(await screen.findByLabelText("Stage"), { target: { value: "won" } });
  await screen.findByText("Stage saved: Won");
  expect(sent[1]?.body.commonEventObject.parameters).toEqual({ op: "stage" });
  expect(sent[1]?.body.commonEventObject.formInputs?.stage).toEqual({ stringInputs: { value: ["won"] } });
  expect((screen.getByLabelText("Stage") as HTMLSelectElement).value).toBe("won");
});

test("required inputs hold an action back", async () => {
  answers = [widgets, { renderActions: {} }];
  render(<CardPanel message="msg_1" />);
  fireEvent.click(await screen.findByRole("button", { name: "Save" }));
  expect(screen.getByRole("alert").textContent).toBe("Fill this in first.");
  expect(sent).toHaveLength(1);
  fireEvent.change(screen.getByLabelText("Next step"), { target: { value: "Call" } });
  expect(screen.queryByRole("alert")).toBeNull();
  fireEvent.click(screen.getByRole("button", { name: "Save" }));
  await waitFor(() => expect(sent).toHaveLength(2));
});

test("a card on a card, and back", async () => {
  answers = [message, widgets];
  render(<CardPanel message="msg_1" />);
  fireEvent.click(await screen.findByRole("button", { name: "Open" }));
  await screen.findByRole("article", { name: "Pump renewal 2027" });
  fireEvent.click(screen.getByRole("button", { name: "Back" }));
  expect(screen.getByRole("article", { name: "Anna Nowak" })).toBeTruthy();
});

test("a refusal is shown in the server's words, and can be tried again", async () => {
  const problem = { status: 503, detail: "The mailbox is being moved.", hint: "Wait a minute." };
  answers = [new Response(JSON.stringify(problem), { status: 503 }), message];
  render(<CardPanel message="msg_1" />);
  const alert = await screen.findByRole("alert");
  expect(alert.textContent).toContain("The mailbox is being moved.");
  expect(alert.textContent).toContain("Wait a minute.");
  fireEvent.click(screen.getByRole("button", { name: "Try again" }));
  await screen.findByRole("article", { name: "Anna Nowak" });
  expect(screen.queryByRole("alert")).toBeNull();
});

test("another message shows another card", async () => {
  answers = [message, widgets];
  const { rerender } = render(<CardPanel message="msg_1" />);
  await screen.findByRole("article", { name: "Anna Nowak" });
  rerender(<CardPanel message="msg_2" />);
  expect(screen.queryByRole("article", { name: "Anna Nowak" })).toBeNull();
  await screen.findByRole("article", { name: "Pump renewal 2027" });
  expect(sent[1]?.body.gmail.messageId).toBe("tl-msg_2");
});
