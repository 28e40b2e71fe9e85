import { describe, expect, test } from "vitest";
import { type Node, parseMarkup, safeHref } from "./parse";

// plain writes a tree as text, with [tag …] for what is marked up.
function plain(nodes: readonly Node[]): string {
  return nodes
    .map((node) => {
      if (typeof node === "string") return node;
      if (node.tag === "br") return "[br]";
      const extra = node.tag === "a" ? ` ${node.href}` : node.tag === "font" ? ` ${node.color}` : "";
      return `[${node.tag}${extra}:${plain(node.inside)}]`;
    })
    .join("");
}

describe("parseMarkup", () => {
  test.each([
    ["", ""],
    ["just words", "just words"],
    ["<b>bold</b> and <i>slanted <u>both</u></i>", "[b:bold] and [i:slanted [u:both]]"],
    ["one<br>two<br/>three<br />four", "one[br]two[br]three[br]four"],
    ["<strong>a</strong><em>b</em><strike>c</strike><del>d</del>", "[b:a][i:b][s:c][s:d]"],
    ['<font color="#ea4335">red</font>', "[font #ea4335:red]"],
    ["<font color='teal'>x</font>", "[font teal:x]"],
    ['<a href="https://a.example/?x=1&amp;y=2">go</a>', "[a https://a.example/?x=1&y=2:go]"],
    ["a &lt;b&gt; &amp;amp; &#39;c&#39; &quot;&#x141;&quot;", "a <b> &amp; 'c' \"Ł\""],
    ["Caf&eacute; &bogus; & co", "Caf&eacute; &bogus; & co"],
  ])("%s", (text, want) => {
    expect(plain(parseMarkup(text))).toBe(want);
  });

  test.each([
    ["<script>alert(1)</script>", "alert(1)"],
    ["<img src=x onerror=alert(1)>after", "after"],
    ['<a href="javascript:alert(1)">click</a>', "click"],
    ['<a href=" JaVaScRiPt:alert(1)">click</a>', "click"],
    ['<a href="java&#115;cript:alert(1)">click</a>', "click"],
    ['<a href="data:text/html,x">click</a>', "click"],
    ['<b onclick="alert(1)">x</b>', "[b:x]"],
    ['<font color="red;background:url(//x)">x</font>', "x"],
    ["&lt;script&gt;", "<script>"],
    ["&#0;&#xD800;&#x110000;", "&#0;&#xD800;&#x110000;"],
  ])("nothing dangerous comes out of %s", (text, want) => {
    expect(plain(parseMarkup(text))).toBe(want);
  });

  test.each([
    ["<b>never closed", "[b:never closed]"],
    ["</b>closed only", "closed only"],
    ["<b><i>crossed</b></i>", "[b:[i:crossed]]"],
    ["a < b and c > d", "a < b and c > d"],
    ["<", "<"],
    ["<b", "<b"],
    ["1 <2> 3", "1 <2> 3"],
  ])("broken markup: %s", (text, want) => {
    expect(plain(parseMarkup(text))).toBe(want);
  });

  test("depth and length have an end", () => {
    const deep = `${"<b>".repeat(5000)}x`;
    expect(plain(parseMarkup(deep))).toMatch(/^(\[b:){20}x\]{20}$/);
    const started = performance.now();
    parseMarkup("<a ".repeat(20_000));
    parseMarkup(`<font ${"a=".repeat(20_000)}>`);
    expect(performance.now() - started).toBeLessThan(2000);
  });
});

test.each([
  ["https://a.example/", true],
  ["mailto:anna@a.example", true],
  ["tel:+48600", true],
  ["//a.example", false],
  ["/path", false],
  ["vbscript:x", false],
  ["", false],
  [undefined, false],
])("safeHref(%s)", (href, ok) => {
  expect(safeHref(href) !== undefined).toBe(ok);
});
