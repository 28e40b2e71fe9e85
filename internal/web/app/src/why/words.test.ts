import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { rules } from "./words";

// The rules of the server, as it stores them.
const link = readFileSync("../../crm/link.go", "utf8");
const stored = [...link.matchAll(/RuleName = "(\w+)"/g)].map(([, name]) => String(name));

test.each(Object.entries(rules))("every rule has a name in %s", (_, names) => {
  expect(stored.length).toBeGreaterThan(5);
  expect(Object.keys(names).sort()).toEqual([...stored].sort());
});
