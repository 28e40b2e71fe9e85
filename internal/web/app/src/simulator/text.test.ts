// @vitest-environment jsdom
import { expect, test } from "vitest";
import { readReply } from "../card/envelope";
import { textOf } from "./text";

test("a letter becomes lines, and nothing of it runs", () => {
  expect(textOf("<p>Dear Anna,</p><p>a &amp; b<br>c</p><script>x</script>")).toBe("Dear Anna,\na & b\nc\nx");
});

test("an answer that changes the draft says what with", () => {
  const reply = readReply({
    renderActions: {
      hostAppAction: {
        gmailAction: {
          updateDraftActionMarkup: {
            updateBody: {
              type: "IN_PLACE_INSERT",
              insertContents: [{ content: "<p>Hi</p>", contentType: "MUTABLE_HTML" }],
            },
            updateSubject: { subject: "Offer" },
          },
        },
      },
    },
  });
  expect(reply.draft).toEqual({ html: "<p>Hi</p>", subject: "Offer" });
  expect(readReply({ renderActions: {} }).draft).toBeUndefined();
});
