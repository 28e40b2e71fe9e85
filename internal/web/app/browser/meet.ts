import { connect } from "node:net";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { RecordList, RecordView, TimelinePage } from "../src/api.gen";
import type { Demo } from "./demo";
import { pictures, type World } from "./world";

// deliver puts a mail into a folder of the demo's mailbox.
async function deliver({ host, port, login, password }: Demo["mailbox"], folder: string, mail: string) {
  const socket = connect(port, host);
  socket.setEncoding("utf8");
  let heard = "";
  socket.on("data", (text) => {
    heard += text;
  });
  const until = (said: RegExp) => expect.poll(() => said.test(heard), { interval: 20 }).toBe(true);
  await until(/^\* OK/m);
  socket.write(`a LOGIN "${login}" "${password}"\r\n`);
  await until(/^a OK/m);
  socket.write(`b APPEND "${folder}" {${Buffer.byteLength(mail)}}\r\n`);
  await until(/^\+/m);
  socket.write(`${mail}\r\n`);
  await until(/^b OK/m);
  socket.end("c LOGOUT\r\n");
}

// stamp writes a time as calendar files do.
const stamp = (at: Date) => `${at.toISOString().slice(0, 19).replace(/[-:]/g, "")}Z`;

interface Visit {
  method: string;
  from: string;
  to: string;
  said: number; // minutes after the first
  start: Date;
  guest: string;
}

function calendar({ method, from, to, said, start, guest }: Visit): string {
  const now = new Date(Date.now() - 3_600_000 + said * 60_000);
  return [
    `From: ${from}`,
    `To: ${to}`,
    `Subject: ${method} of the visit`,
    `Message-ID: <${method}-visit@meet.example>`,
    `Date: ${now.toUTCString().replace("GMT", "+0000")}`,
    "MIME-Version: 1.0",
    `Content-Type: text/calendar; charset=utf-8; method=${method}`,
    "",
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    `METHOD:${method}`,
    "BEGIN:VEVENT",
    "UID:visit@meet.example",
    `DTSTAMP:${stamp(now)}`,
    `DTSTART:${stamp(start)}`,
    `DTEND:${stamp(new Date(start.getTime() + 3_600_000))}`,
    "SUMMARY:Visit to the plant",
    "ORGANIZER:mailto:nora@brightwell.example",
    `ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:${guest}`,
    "SEQUENCE:0",
    "END:VEVENT",
    "END:VCALENDAR",
    "",
  ].join("\r\n");
}

// A time that a guest proposes stands on the timeline and is taken over there.
export function meetTests({ demo, page: current, get, notice, complaints }: World) {
  test("a guest proposes another time: it is accepted on the timeline, and taken back", async () => {
    const page = current();
    const emails = (one: RecordView) => [one.values.emails ?? []].flat();
    const { items } = await get<RecordList>("/api/v1/contacts?limit=100");
    const contact = items?.find((one) => emails(one).length > 0) as RecordView;
    const guest = String(emails(contact)[0]);
    const nora = "nora@brightwell.example";
    const start = new Date(Math.ceil(Date.now() / 3_600_000) * 3_600_000 + 72 * 3_600_000);
    const later = new Date(start.getTime() + 26 * 3_600_000);
    await deliver(demo.mailbox, "Sent", calendar({ method: "REQUEST", from: nora, to: guest, said: 0, start, guest }));
    const counter = { method: "COUNTER", from: guest, to: nora, said: 5, start: later, guest };
    await deliver(demo.mailbox, "INBOX", calendar(counter));

    await page.goto(`${demo.url}/records/${contact.id}`);
    const proposal = page.getByText(new RegExp(`^Another time is proposed: .*\\(${guest}\\)`));
    await proposal.waitFor();
    await page.screenshot({ path: join(pictures, "proposed.png"), fullPage: true });
    const { items: entries } = await get<TimelinePage>(`/api/v1/contacts/${contact.id}/timeline?limit=50`);
    const id = entries?.find((entry) => entry.meeting?.proposed)?.id;
    const meeting = async () =>
      new Date(String((await get<RecordView>(`/api/v1/meetings/${id}`)).values.started)).getTime();
    expect(await meeting()).toBe(start.getTime());
    await proposal.getByRole("button", { name: "Accept the time" }).click();
    await notice("The meeting is moved to").getByRole("button", { name: "Undo" }).waitFor();
    await proposal.waitFor({ state: "detached" });
    expect(await meeting()).toBe(later.getTime());
    await notice("The meeting is moved to").getByRole("button", { name: "Undo" }).click();
    await proposal.waitFor();
    expect(await meeting()).toBe(start.getTime());
    expect(complaints).toEqual([]);
  });
}
