import type { Box, Link, Mailbox, Message, MessageRow } from "../src/api/types";

// A small invented mailbox, as the server would tell of it.

const anna: Link = {
  record: "con_anna",
  kind: "contact",
  name: "Anna Nowak",
  rule: "address",
  because: "anna.nowak@balticpumps.example (From) is an address of this contact",
};
const baltic: Link = {
  record: "com_baltic",
  kind: "company",
  name: "Baltic Pumps sp. z o.o.",
  rule: "domain",
  because: "balticpumps.example is a domain of this company",
};
const pumps: Link = {
  record: "dea_pumps",
  kind: "deal",
  name: "Pump renewal 2027",
  rule: "only_deal",
  because: "Anna Nowak: the only deal open on the day of the message",
};
const luc: Link = {
  record: "con_luc",
  kind: "contact",
  name: "Luc Fournier",
  rule: "address",
  because: "luc@ateliers-fournier.example (To) is an address of this contact",
};

const me = { name: "Piotr Kos", address: "piotr@threadline.example" };

interface Draft extends Partial<Omit<MessageRow, "date">> {
  hoursAgo: number;
}

function row(id: string, draft: Draft): MessageRow {
  const { hoursAgo, ...rest } = draft;
  return {
    id: `msg_${id}`,
    date: new Date(Date.now() - hoursAgo * 3_600_000).toISOString(),
    direction: "inbound",
    class: "person",
    from: me,
    to: [me],
    flags: ["seen"],
    attachments: 0,
    level: "full",
    links: [],
    thread: `thr_${id}`,
    ...rest,
  };
}

const written: MessageRow[] = [
  row("offer", {
    hoursAgo: 0.4,
    from: { name: "Anna Nowak", address: "anna.nowak@balticpumps.example" },
    subject: "Re: Offer for the renewal – we choose option B",
    snippet: "Dear Piotr, the board met this morning and we go with option B. Could you send the contract by Friday?",
    flags: [],
    attachments: 2,
    links: [anna, baltic, pumps],
  }),
  row("away", {
    hoursAgo: 2,
    from: { name: "Giulia Ferri", address: "g.ferri@ferri-macchine.example" },
    subject: "Risposta automatica: Incontro a Bologna",
    snippet: "Sono fuori ufficio fino al 30 novembre. Per urgenze: ufficio@ferri-macchine.example",
    class: "auto_reply",
    flags: [],
    links: [{ ...anna, record: "con_giulia", name: "Giulia Ferri" }],
  }),
  row("sent", {
    hoursAgo: 5,
    direction: "outbound",
    to: [{ name: "Luc Fournier", address: "luc@ateliers-fournier.example" }],
    subject: "Compte rendu de notre appel",
    snippet: "Bonjour Luc, merci pour votre temps ce matin. Voici les trois points que nous avons retenus.",
    links: [luc, { ...baltic, record: "com_fournier", name: "Ateliers Fournier" }],
  }),
  row("news", {
    hoursAgo: 27,
    from: { name: "Pump World Weekly", address: "news@pumpworld.example" },
    subject: "Seals, steel and the price of copper",
    snippet: "This week: why seal prices rise again, and five trade fairs worth the trip.",
    class: "bulk",
    not_logged: "bulk",
  }),
  row("hidden", {
    hoursAgo: 30,
    from: { name: "Anna Nowak", address: "anna.nowak@balticpumps.example" },
    to: [{ name: "Ewa Lis", address: "ewa@threadline.example" }],
    level: "metadata",
    links: [anna],
  }),
  row("bounce", {
    hoursAgo: 52,
    from: { name: "Mail Delivery System", address: "mailer-daemon@mx.threadline.example" },
    subject: "Undelivered Mail Returned to Sender",
    snippet: "The address jan.kowall@firma.example does not exist there.",
    class: "bounce",
    flags: [],
  }),
  row("invite", {
    hoursAgo: 75,
    from: { name: "Luc Fournier", address: "luc@ateliers-fournier.example" },
    subject: "Invitation: visite de l’atelier, 2 décembre, 10:00",
    class: "calendar",
    attachments: 1,
    links: [luc],
  }),
];

const older = Array.from({ length: 60 }, (_, n) =>
  row(`old${n}`, {
    hoursAgo: 100 + n * 13,
    from: { name: "Anna Nowak", address: "anna.nowak@balticpumps.example" },
    subject: `Delivery note ${1200 - n}`,
    snippet: "Please find the delivery note of this week attached.",
    attachments: 1,
    links: [anna, baltic],
  }),
);

export const rows = [...written, ...older];

const text = `Dear Piotr,

the board met this morning and we go with option B. Could you send the contract by Friday? Our lawyer wants two days for it: https://balticpumps.example/terms.

Marek takes over the technical questions; I keep the commercial side.

Kind regards
Anna – Łódź
`;

const quoted = `
On 18 Nov 2026 Piotr Kos wrote:
> Dear Anna,
> here is the offer with the two options we spoke about.
`;

const html = `<div style="font-family: Georgia; color: #123"><p style="background:#fff3c4;padding:8px">Dear Piotr,</p>
<p>the board met this morning and we go with <b style="color:#0a7">option B</b>. <a href="https://balticpumps.example/terms">Our terms</a></p>
<img src="https://tracker.example/open.gif" width="1" height="1"><script>document.title = "broken out"</script></div>`;

export function opened(id: string): Message | undefined {
  const found = rows.find((one) => one.id === id);
  if (!found) return undefined;
  const people = [
    { role: "from", ...found.from },
    ...(found.to ?? []).map((one) => ({ role: "to", ...one })),
    { role: "cc", name: "Marek Zieliński", address: "marek@balticpumps.example" },
    ...["Ewa Lis", "Jan Kowal", "Ola Wilk", "Iga Sowa", "Adam Ryś"].map((name) => ({
      role: "cc",
      name,
      address: `${name.split(" ")[0]?.toLowerCase()}@threadline.example`,
    })),
  ];
  const full = found.level === "full";
  const own = found.id === "msg_offer" ? text : `${found.snippet ?? ""}\n`;
  return {
    ...found,
    participants: people,
    marks: found.id === "msg_offer" ? ["charset_guessed", "address_salvaged"] : [],
    attachments: [
      { name: "Offer 2027-B signed.pdf", type: "application/pdf", size: 482_113 },
      {
        name: "terms.docx",
        type: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        size: 38_900,
      },
    ].slice(0, found.attachments),
    copies: full ? [{ id: "cop_1", mailbox: "piotr@threadline.example", box: "INBOX", role: "inbox" }] : [],
    ...(full && { body: { text: own + quoted, html, quoted: new TextEncoder().encode(own).length } }),
  };
}

const total = 20_412;

// mailbox tells of one that is being read for the first time, until everything
// is there.
export function mailbox(stored: number): Mailbox {
  const skipped = { older_than_since: 310, drafts_folder: 12 };
  const have = Math.min(stored, total - 322 - 3);
  const inbox: Box = {
    name: "INBOX",
    role: "inbox",
    server: total - 2000,
    stored: have - Math.min(have, 1988),
    skipped: { older_than_since: 310 },
    queued: total - 2000 - 310 - 3 - (have - Math.min(have, 1988)),
    retrying: 0,
    dead: { cannot_be_fetched: 3 },
    balanced: true,
    listed: new Date(Date.now() - 4000).toISOString(),
  };
  const sent: Box = {
    ...inbox,
    name: "Sent",
    role: "sent",
    server: 2000,
    stored: Math.min(have, 1988),
    skipped: { drafts_folder: skipped.drafts_folder },
    queued: 1988 - Math.min(have, 1988),
    dead: null,
  };
  const state = inbox.queued + sent.queued > 0 ? "priming" : "live";
  return { id: "mbx_1", address: "piotr@threadline.example", state, boxes: [inbox, sent] };
}
