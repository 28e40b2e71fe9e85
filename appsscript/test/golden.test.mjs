// Every card and every answer that the tests of the server keep is drawn, with
// all of its texts.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { folder, Script } from "./script.mjs";

const shown = ["title", "subtitle", "header", "topLabel", "text", "bottomLabel", "label", "hintText", "actionLabel", "url", "imageUrl", "altText", "content", "subject"];

// texts are those that a reader of the JSON would see.
function texts(value, key, out = []) {
  if (typeof value === "string" && shown.includes(key)) out.push(value);
  else if (Array.isArray(value)) for (const one of value) texts(one, key, out);
  else if (value && typeof value === "object") for (const [k, one] of Object.entries(value)) texts(one, k, out);
  return out;
}

const folders = ["../addon/testdata", "../addon/card/testdata"].map((path) => join(folder, path));
const files = folders.flatMap((path) => readdirSync(path).filter((name) => name.endsWith(".golden.json")).map((name) => join(path, name)));

test("there are cards to draw", () => {
  assert.ok(files.length > 40, `${files.length} files`);
});

for (const file of files) {
  test(file.slice(file.indexOf("addon/")), () => {
    const json = JSON.parse(readFileSync(file, "utf8"));
    const script = new Script();
    const result = script.run(json.action ? "onHomepage" : "onAction", json);
    assert.ok(result, "nothing comes back");
    const said = script.said();
    // chips of one list share a line
    for (const text of texts(json)) assert.ok(said.some((one) => one === text || one.split(" · ").includes(text)), `lost: ${text}`);
  });
}
