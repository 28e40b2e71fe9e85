import { beforeEach, expect, test } from "vitest";
import { keepThen, takeThen } from "./then";

beforeEach(() => localStorage.clear());

test("a repair goes on after the sign-in, once and for a quarter of an hour", () => {
  const search = `?then=${encodeURIComponent("/google/connect?mailbox=mbx_abc234")}`;
  keepThen(search, 0);
  expect(takeThen(60_000)).toBe("/google/connect?mailbox=mbx_abc234");
  expect(takeThen(60_000)).toBeNull();
  keepThen(search, 0);
  expect(takeThen(16 * 60_000)).toBeNull();
});

test("the address of the sign-in page leads nowhere else", () => {
  for (const then of ["https://evil.example/", "//evil.example", "/google/connect?mailbox=mbx_a&x=//e", "/settings"]) {
    keepThen(`?then=${encodeURIComponent(then)}`, 0);
    expect(takeThen(1)).toBeNull();
  }
});
