import { expect, test } from "vitest";
import type { Message } from "../api/types";
import { pageOf } from "./format";
import {
  addressee,
  addressesIn,
  answered,
  answering,
  blank,
  bodyOf,
  forwarded,
  forwarding,
  inForm,
  inserted,
  joined,
  ofDraft,
  toNobody,
  withFile,
  withHalf,
} from "./letter";

test.each([
  ["anna@north.example", ["anna@north.example"], ""],
  ["Anna Nowak <anna@north.example>, piotr@north.example;", ["anna@north.example", "piotr@north.example"], ""],
  ["anna@north", [], "anna@north"],
  ["anna@north.example, pio", ["anna@north.example"], "pio"],
  ["two words@north.example", [], "two words@north.example"],
  [" , ;\n", [], ""],
])("the addresses of %j", (text, whole, rest) => {
  expect(addressesIn(text)).toEqual({ whole, rest });
});

test("an address stands once, however it is written", () => {
  expect(joined(["Anna@north.example"], ["anna@North.example", "b@c.example", "b@c.example"])).toEqual([
    "Anna@north.example",
    "b@c.example",
  ]);
});

test.each([
  ["Offer", "Re: Offer"],
  ["Re: Offer", "Re: Offer"],
  ["Odp: Oferta", "Odp: Oferta"],
  ["AW[2]: Angebot", "AW[2]: Angebot"],
  ["Report: done", "Re: Report: done"],
  ["", "Re:"],
])("the subject of an answer to %j", (subject, want) => {
  expect(answered(subject)).toBe(want);
});

const message = (more: Partial<Message>): Message => ({
  id: "msg_1",
  date: null,
  direction: "inbound",
  class: "person",
  subject: "Offer",
  from: { address: "anna@north.example" },
  to: [],
  flags: [],
  level: "full",
  links: [],
  thread: "thr_1",
  participants: [
    { role: "from", address: "anna@north.example" },
    { role: "to", address: "Me@brightwell.example" },
    { role: "to", address: "piotr@north.example" },
    { role: "cc", address: "ola@north.example" },
  ],
  marks: [],
  attachments: [],
  copies: [],
  body: { text: "Dear you,\n> older\nyes.\nOn Monday you wrote\n> hm", quoted: 23 },
  ...more,
});
const own = ["me@brightwell.example"];
const reply = (more: Partial<Message>, all = false) =>
  answering({ message: message(more), all, own, mailbox: "mbx_1", from: "", signature: "", wrote: "Anna wrote:" });

test("an answer goes to who wrote, one to all to everybody but oneself", () => {
  expect(reply({}).to).toEqual(["anna@north.example"]);
  const all = reply({}, true);
  expect([all.to, all.cc]).toEqual([["anna@north.example"], ["piotr@north.example", "ola@north.example"]]);
  const asked = reply({
    participants: [
      { role: "from", address: "anna@north.example" },
      { role: "reply_to", address: "office@north.example" },
    ],
  });
  expect(asked.to).toEqual(["office@north.example"]);
  const followed = reply({
    participants: [
      { role: "from", address: "me@brightwell.example" },
      { role: "to", address: "anna@north.example" },
    ],
  });
  expect(followed.to).toEqual(["anna@north.example"]);
});

test("an answer quotes what was newly said, and is no draft yet", () => {
  const { text, dirty, reply: to, subject } = reply({});
  expect(text).toBe("\n\nAnna wrote:\n> Dear you,\n>> older\n> yes.\n");
  expect([dirty, to, subject]).toEqual([false, "msg_1", "Re: Offer"]);
});

test("what was typed and not ended counts, as far as it is an address", () => {
  const typed = { ...blank("mbx_1"), half: { to: "anna@north.example, pio", cc: "", bcc: "x@y.example" } };
  const { to, bcc, half, dirty } = withHalf(typed);
  expect([to, bcc, half.to, half.bcc, dirty]).toEqual([["anna@north.example"], ["x@y.example"], "pio", "", true]);
});

const draft = {
  id: "out_1",
  by: "usr_1",
  created: "",
  from: "me@brightwell.example",
  mailbox: "mbx_1",
  rfc_id: "",
  state: "draft" as const,
  to: ["anna@north.example", "x@y.example"],
  subject: "Offer",
  reply: "msg_1",
  version: "7",
  track: "aggregate" as const,
  files: [{ blob: "b", name: "plan.pdf", type: "application/pdf", size: 3 }],
  quoted: null,
  words: { to: ["anna@north.example"], cc: null, bcc: ["x@y.example"], text: "Dear", html: "<p>Dear</p>" },
};

test("a draft that comes from the server goes back to it as it was", () => {
  expect(bodyOf(ofDraft(draft))).toEqual({
    mailbox: "mbx_1",
    to: ["anna@north.example"],
    cc: [],
    bcc: ["x@y.example"],
    subject: "Offer",
    html: "<p>Dear</p>", // its text is made of it by the server
    files: [{ blob: "b", name: "plan.pdf" }],
    reply: "msg_1",
    from: "me@brightwell.example",
    track: "aggregate",
  });
  expect(ofDraft(draft).version).toBe("7");
});

test("who signs stands under what is new, and above what is quoted or passed on", () => {
  expect(blank("mbx_1", "Ola\nNord").text).toBe("\n\n-- \nOla\nNord\n");
  const asked = { message: message({}), all: false, own, mailbox: "mbx_1", from: "", signature: "Ola", wrote: "Anna:" };
  expect(answering(asked).text).toMatch(/^\n\nOla\n\nAnna:\n> Dear/);
  const head = ["---------- Forwarded message ----------", "From: Anna"];
  const passed = forwarding({ message: message({}), mailbox: "mbx_1", from: "", signature: "Ola", head, files: [] });
  expect(passed.text).toBe(`\n\nOla\n\n${head.join("\n")}\n\n${message({}).body?.text}\n`);
  expect([passed.to, passed.forward, passed.reply, passed.subject]).toEqual([[], "msg_1", "", "Fwd: Offer"]);
  expect(["Fwd: a", "TR : a", "Re: a", "I: a"].map(forwarded)).toEqual(["Fwd: a", "TR : a", "Fwd: Re: a", "I: a"]);
});

test("a formatted answer leaves what it quotes to the server, one that becomes formatted does so too", () => {
  const asked = { message: message({}), all: false, own, mailbox: "mbx_1", from: "", signature: "Ola", wrote: "Anna:" };
  const signed = answering({ ...asked, formatted: "<p><b>Ola</b></p>" });
  expect([signed.html, signed.text, signed.quote]).toEqual(["<p></p><p><b>Ola</b></p>", "\n\nOla", true]);
  expect([bodyOf(signed).quote, ofDraft({ ...draft, quoted: ["Anna:"] }).quote]).toEqual([["Anna:"], true]);
  const plain = answering(asked);
  expect([plain.quote, bodyOf(plain).quote]).toEqual([false, undefined]);
  expect(inForm({ ...plain, text: `Yes.${plain.text}` })).toEqual({
    text: "Yes.\n\nOla",
    html: "<p>Yes.</p><p>Ola</p>",
    quote: true,
  });
  const within = `${plain.text}> and so on`;
  expect(inForm({ ...plain, text: within })).toEqual({ html: pageOf(within) });
  const passed = forwarding({
    message: message({}),
    mailbox: "mbx_1",
    from: "",
    signature: "",
    head: ["From: Anna"],
    files: [],
  });
  expect(inForm(passed)).toEqual({ text: "", html: "<p></p>", quote: true });
});

test("an answer comes from the address that the mail came to", () => {
  const boxes = [
    { id: "one", address: "me@brightwell.example", aliases: ["piotr@north.example"] },
    { id: "two", address: "anna@north.example" },
  ];
  const to = (address: string) => message({ participants: [{ role: "to", address }] });
  expect(addressee(to("piotr@north.example"), boxes)).toEqual({ box: boxes[0], from: "piotr@north.example" });
  expect(addressee(to("anna@north.example"), boxes)).toEqual({ box: boxes[1], from: "" });
  expect(addressee(to("x@else.example"), boxes)).toEqual({ box: boxes[0], from: "" });
  expect(addressee(to("x@else.example"), [])).toEqual({ from: "" });
});

test("a template stands where the cursor is, in the place of what is chosen", () => {
  expect(inserted("Dear\n\nOla", 5, 5, "text")).toEqual({ text: "Dear\ntext\nOla", at: 9 });
  expect(inserted("Dear x", 5, 6, "you")).toEqual({ text: "Dear you", at: 8 });
});

test("a letter goes to nobody until an address is whole", () => {
  const typed = (to: string) => ({ ...blank("mbx_1"), half: { to, cc: "", bcc: "" } });
  expect([typed(""), typed("nobody at all"), typed("anna@north.example")].map(toNobody)).toEqual([true, true, false]);
});

test("the same file goes with a letter once, under another name again", () => {
  const plan = { blob: "b", name: "plan.pdf" };
  expect(withFile(withFile([], plan), { ...plan })).toEqual([plan]);
  expect(withFile([plan], { blob: "b", name: "copy.pdf" })).toHaveLength(2);
});
