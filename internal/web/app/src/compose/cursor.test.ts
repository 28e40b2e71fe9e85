import { Editor } from "@tiptap/core";
import StarterKit from "@tiptap/starter-kit";
import { expect, test } from "vitest";
import { lettersIn, placeIn, placeOf } from "./cursor";
import { pageOf } from "./format";

test.each([
  "Dear Anna,\n\nthe offer| is ready.",
  "One|",
  "|One",
  "On Friday:\n> Hello Bo,\n> the pri|ce?\n\nYes.",
  "a\nb|c",
])("the cursor of %j stands there again when it is formatted, and when it is plain", (drawn) => {
  const before = drawn.slice(0, drawn.indexOf("|"));
  const text = drawn.replace("|", "");
  const letters = lettersIn(before);
  const editor = new Editor({ content: pageOf(text), extensions: [StarterKit] });
  const at = placeOf(editor.state.doc, letters);
  const page = editor.state.doc.textBetween(0, at, "\n", "\n");
  expect(lettersIn(page)).toBe(letters);
  expect(editor.state.doc.resolve(Math.max(1, at)).parent.isTextblock).toBe(true);
  expect(placeIn(text, letters)).toBe(before.trimEnd().length);
  editor.destroy();
});
