import type { Card, Navigation } from "./types";

// navigate applies the steps of an answer, in order, to the cards that lie on
// each other; the last one is seen. The root is never taken away.
export function navigate(stack: readonly Card[], steps: readonly Navigation[]): readonly Card[] {
  return steps.reduce(step, stack);
}

function step(stack: readonly Card[], to: Navigation): readonly Card[] {
  if (to.pushCard) return [...stack, to.pushCard];
  if (to.updateCard) return [...stack.slice(0, -1), to.updateCard];
  if (to.pop) return stack.length > 1 ? stack.slice(0, -1) : stack;
  if (to.popToRoot) return stack.slice(0, 1);
  if (to.popToCard !== undefined) {
    const at = stack.findLastIndex((card) => card.name === to.popToCard);
    return at < 0 ? stack : stack.slice(0, at + 1);
  }
  return stack;
}
