import type { Locator, Page, Response } from "playwright-core";
import { expect } from "vitest";

type Json = Record<string, unknown>;

// Cards plays the cards of a page whatever language they are in: a button is found
// by what it does, an input by its name, as the answers of the endpoint have them.
export class Cards {
  private readonly answers: Json[] = [];

  constructor(private readonly page: Page) {
    page.on("response", (answer) => void this.keep(answer));
  }

  private async keep(answer: Response) {
    if (new URL(answer.url()).pathname !== "/addon/v1/event") return;
    const body = await answer.json().catch(() => null); // given up by the page
    if (body) this.answers.push(body as Json);
  }

  readonly top = () => this.page.getByRole("article").last();

  // quiet waits for the answer that is under way.
  async quiet() {
    await this.page.locator('section[aria-busy="false"]').first().waitFor();
    await this.top().getByRole("heading").first().waitFor();
  }

  // open goes to a page that asks for a card.
  async open(address: string) {
    const before = this.answers.length;
    await this.page.goto(address);
    await this.answered(before);
  }

  // press clicks what does something.
  async press(op: string) {
    const label = await this.label(op);
    const button = this.top().getByRole("button", { name: label, exact: true });
    await this.after(button.or(this.top().getByText(label, { exact: true })).first());
  }

  // after clicks something, and waits for the card that it leads to.
  async after(button: Locator) {
    const before = this.answers.length;
    await button.click();
    await this.answered(before);
  }

  // choose clicks what stands in the menu of the card.
  async choose(op: string, menu: string) {
    const label = await this.label(op);
    await this.top().getByRole("button", { name: menu, exact: true }).click();
    await this.after(this.page.getByRole("button", { name: label, exact: true }).last());
  }

  async fill(input: string, value: string) {
    const [found] = this.find((node) => node.name === input && typeof node.label === "string");
    expect([input, typeof found?.label]).toEqual([input, "string"]);
    await this.top().getByLabel(String(found?.label), { exact: true }).fill(value);
  }

  private async answered(before: number) {
    await expect.poll(() => this.answers.length, { timeout: 20_000 }).toBeGreaterThan(before);
    await this.quiet();
  }

  // label is what stands on the newest thing that does op.
  private async label(op: string): Promise<string> {
    const does = (node: Json) => JSON.stringify(node.onClick ?? null).includes(`{"key":"op","value":"${op}"}`);
    const [found] = this.find((node) => does(node) && [node.text, node.altText, node.actionLabel].some(Boolean));
    const label = found?.text || found?.altText || found?.actionLabel;
    expect([op, typeof label]).toEqual([op, "string"]);
    return String(label).replace(/<[^>]*>/g, "");
  }

  // find looks through the answers, the newest first.
  private find(is: (node: Json) => boolean): Json[] {
    for (const answer of [...this.answers].reverse()) {
      const found = nodes(answer).filter(is);
      if (found.length > 0) return found;
    }
    return [];
  }
}

// nodes are all objects in a JSON value, from the outside in.
function nodes(value: unknown): Json[] {
  if (typeof value !== "object" || value === null) return [];
  const inside = Object.values(value).flatMap(nodes);
  return Array.isArray(value) ? inside : [value as Json, ...inside];
}
