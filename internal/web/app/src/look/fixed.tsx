import { Fragment, type ReactNode } from "react";

// fixed draws the parts of something that never changes its order, such as a
// sentence or a card.
export function fixed<T>(parts: readonly T[], draw: (part: T, at: number) => ReactNode): ReactNode[] {
  // biome-ignore lint/suspicious/noArrayIndexKey: the parts stay where they are
  return parts.map((part, at) => <Fragment key={at}>{draw(part, at)}</Fragment>);
}
