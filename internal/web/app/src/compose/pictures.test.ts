import { expect, test } from "vitest";
import table from "../../../../page/testdata/pictures.json";
import { addressOf, leftOut, stands } from "./pictures";

// The table is the one that the server's rule is held to.
test.each(table)("$name", ({ html, left }) => {
  expect(leftOut(`<p>a</p>${html}`)).toEqual(left ? [left] : []);
});

test("each reason is told once", () => {
  const src = (address: string) => `<img src="${address}">`;
  const html = ["http://a.example/1", "data:,x", "http://a.example/2", "https://a.example/3"].map(src).join("");
  expect(leftOut(html)).toEqual(["insecure", "within"]);
  expect(leftOut("<p>a</p>")).toEqual([]);
});

test("a mail brings along the pictures that stand in it, and no drawings", () => {
  expect(leftOut('<img src="data:image/png;base64,iVBORw0KGgo=">', true)).toEqual([]);
  expect(leftOut('<img src="data:image/svg+xml;base64,PHN2Zy8+">', true)).toEqual(["within"]);
  expect(leftOut('<img src="data:image/png;base64,iVBORw0KGgo=" width="1">', true)).toEqual(["hidden"]);
});

test("small pictures stand in the text, others are files", async () => {
  const file = (type: string, size: number) => new File(["x".repeat(size)], "a", { type });
  expect(stands(file("image/png", 1000), 0)).toBe(true);
  expect(stands(file("image/png", 400_000), 0)).toBe(false);
  expect(stands(file("image/png", 200_000), 700_000)).toBe(false);
  expect(stands(file("image/svg+xml", 1000), 0)).toBe(false);
  expect(await addressOf(file("image/png", 3))).toBe("data:image/png;base64,eHh4");
});
