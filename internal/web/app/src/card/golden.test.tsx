import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import { CardView } from "./card";
import { readReply } from "./envelope";
import { inputsOf } from "./form";
import { type Host, HostContext } from "./host";
import type { Card } from "./types";

// The golden files of the add-on are what the server really sends: this page has
// to show every one of them, with nothing left out.
const golden = import.meta.glob<unknown>("../../../../../addon/**/testdata/*.golden.json", {
  eager: true,
  import: "default",
});

// Answers that only Google's host can follow.
const forGoogle = /(scopes|allscopes)\.golden\.json$/;

const cases = Object.entries(golden)
  .filter(([path]) => !forGoogle.test(path))
  .map(([path, answer]) => [path.split("/").slice(-3).join("/"), answer] as const);

afterEach(cleanup);

test("there are cards to show", () => {
  expect(cases.length).toBeGreaterThan(10);
});

test.each(cases)("%s", (_, answer) => {
  const cards = readReply(answer).navigations.flatMap((step) => step.pushCard ?? step.updateCard ?? []);
  for (const card of cards) {
    const { container } = render(
      <HostContext value={host(card)}>
        <CardView card={card} />
      </HostContext>,
    );
    expect(screen.getByRole("article").textContent).toContain(card.header?.title);
    expect(container.textContent).not.toMatch(/This page cannot show/);
    expect(container.textContent).not.toMatch(/<\/?(b|i|br|a|font)\b/);
    cleanup();
  }
});

function host(card: Card): Host {
  const values = Object.fromEntries(inputsOf(card).map(({ name, initial }) => [name, initial]));
  const nothing = () => undefined;
  return { busy: false, values, lacking: [], set: nothing, click: nothing, run: nothing, suggest: async () => [] };
}
