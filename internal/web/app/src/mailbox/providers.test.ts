import { expect, test } from "vitest";
import { guess } from "./providers";

test("a known provider has one way, and says what it wants", () => {
  expect(guess("Nora@GMail.com")).toEqual({
    ways: [{ server: "imap.gmail.com:993", tls: "tls", smtp: "smtp.gmail.com:465", smtp_tls: "tls" }],
    want: "app_password",
  });
  expect(guess("a@me.com").ways[0]?.smtp_tls).toBe("starttls");
});

test("of a domain of one's own the usual names are tried", () => {
  expect(guess("nora@brightwell.example").ways.map((one) => one.server)).toEqual([
    "imap.brightwell.example:993",
    "mail.brightwell.example:993",
  ]);
});

test("what is no address yet has no way", () => {
  expect(guess("nora")).toEqual({ ways: [] });
  expect(guess("nora@brightwell")).toEqual({ ways: [] });
});
