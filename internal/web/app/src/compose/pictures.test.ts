import { expect, test } from "vitest";
import table from "../../../../page/testdata/pictures.json";
import { leftOut } from "./pictures";

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
