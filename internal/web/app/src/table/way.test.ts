import { expect, test } from "vitest";
import type { CrmPipeline, FolderView, ViewView } from "../api/api";
import { inPipeline, narrowed, read, wayOf, waysOf, written } from "./way";

test.each([
  ["", "deals where due = today"],
  ["deals", "deals where due = today"],
  ["deals order by amount desc", "deals where due = today order by amount desc"],
  ["deals where a = 1 or b = 2 limit 5", "deals where (a = 1 or b = 2) and due = today limit 5"],
  ['deals where name = "x order by y"', 'deals where (name = "x order by y") and due = today'],
  ['deals where name = "a \\" where "', 'deals where (name = "a \\" where ") and due = today'],
])("%j narrowed", (query, want) => {
  expect(narrowed(query, "deals", "due = today")).toBe(want);
});

test("a query that names its pipeline already stays as it is", () => {
  expect(inPipeline('deals where pipeline = "sales"', "deals", "sales")).toBe('deals where pipeline = "sales"');
  expect(inPipeline("", "deals", "sales")).toBe('deals where pipeline = "sales"');
});

test("an address and a view say how records are shown", () => {
  for (const text of ["table", "board:sales", "board:field:priority", "calendar:due"])
    expect(written(read(text))).toBe(text);
  expect([read("board"), read("wall:x")]).toEqual([{ as: "table" }, { as: "table" }]);
  const view = (more: Partial<ViewView>) => written(wayOf({ query: "deals", type: "table", ...more } as ViewView));
  expect(view({})).toBe("table");
  expect(view({ type: "board", query: 'deals where (amount > 1) and pipeline = "sales"' })).toBe("board:sales");
  expect(view({ type: "calendar", date: "expected_close" })).toBe("calendar:expected_close");
  expect(view({ type: "board", group_by: "priority" })).toBe("board:field:priority");
  expect(view({ type: "calendar" })).toBe("table");
});

test("a folder has a board for each of its pipelines and a calendar for each of its days", () => {
  const fields = [
    { key: "name", type: "text" },
    { key: "expected_close", type: "date" },
    { key: "created", type: "date", system: true },
    { key: "priority", type: "dropdown", choices: ["low", "high"] },
    { key: "tags", type: "dropdown", choices: ["a"], many: true },
  ];
  const folder = { kind: "deal", plural: "deals", staged: true, fields } as unknown as FolderView;
  const pipelines = [{ key: "sales" }, { key: "hiring", kind: "candidate" }] as CrmPipeline[];
  expect(waysOf(folder, pipelines).map(written)).toEqual([
    "table",
    "board:sales",
    "board:field:priority",
    "calendar:expected_close",
  ]);
  expect(waysOf({ ...folder, staged: false }, pipelines).map(written)).toEqual([
    "table",
    "board:field:priority",
    "calendar:expected_close",
  ]);
});
