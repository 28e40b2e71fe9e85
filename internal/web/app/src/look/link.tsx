import type { AnchorHTMLAttributes, MouseEvent } from "react";
import { go } from "../route";

// Anchor is a link inside the app: a plain click moves without a page load, any
// other click (new tab, new window) is the browser's own.
export function Anchor(props: AnchorHTMLAttributes<HTMLAnchorElement> & { href: string }) {
  const follow = (event: MouseEvent) => {
    if (event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    go(props.href);
  };
  // A link with an address: Enter clicks it, and what it does needs no more keys.
  // biome-ignore lint/a11y: see above
  return <a {...props} onClick={follow} />;
}
