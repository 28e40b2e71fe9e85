import { expect, test } from "vitest";
import { isForeign, isFormatted, pageOf, shapeOf } from "./format";

test("a text becomes paragraphs, lines and what it quotes", () => {
  expect(pageOf("Dear Ada,\n\none < two\nthree\n")).toBe("<p>Dear Ada,</p><p>one &lt; two<br>three</p>");
  expect(pageOf("\n\nAnna wrote:\n> Dear,\n>\n> > older\n")).toBe(
    "<p></p><p>Anna wrote:</p><blockquote><p>Dear,</p><blockquote><p>older</p></blockquote></blockquote>",
  );
  expect([pageOf(""), pageOf("\n\n")]).toEqual(["<p></p>", "<p></p>"]);
});

test("two pages have one shape when they say the same in the same format", () => {
  const ours = '<p>Dear <strong>Ada</strong>, <a href="https://x.example">see</a></p>';
  const theirs = '<p>Dear <b>Ada</b>,\n<a href="https://x.example" rel="nofollow" target="_blank">see</a></p>';
  expect(shapeOf(ours)).toBe(shapeOf(theirs));
  expect(shapeOf(ours)).not.toBe(shapeOf(ours.replace(/<\/?strong>/g, "")));
  expect(shapeOf(ours)).not.toBe(shapeOf(ours.replace("x.example", "y.example")));
});

test("what is formatted, and what cannot be changed here, is known", () => {
  expect(["<p>a<br>b</p>", "<p><b>a</b></p>", "<ul><li>a</li></ul>"].map(isFormatted)).toEqual([false, true, true]);
  expect(["<p><b>a</b></p>", '<p style="color: red">a</p>', "<table></table>"].map(isForeign)).toEqual([
    false,
    true,
    true,
  ]);
});
