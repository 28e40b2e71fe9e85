import type { ReactNode } from "react";

interface Props {
  id: string;
  chosen: boolean;
  take: () => void;
  className?: string | undefined;
  children: ReactNode;
}

// Option is one of what a line proposes while somebody types in it. The focus and
// the keys stay with the line, which names the chosen one by its id; a press takes
// it before the line is left.
export function Option({ id, chosen, take, className, children }: Props) {
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: see above
    <div
      id={id}
      role="option"
      tabIndex={-1}
      aria-selected={chosen}
      className={className}
      onPointerDown={(event) => event.preventDefault()}
      onClick={take}
    >
      {children}
    </div>
  );
}
