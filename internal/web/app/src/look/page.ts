import { useEffect, useLayoutEffect } from "react";

// useTitle names the page in the browser's tab and history for as long as the
// component is shown.
export function useTitle(title: string | undefined) {
  useEffect(() => {
    document.title = title ? `${title} · Threadline` : "Threadline";
    return () => {
      document.title = "Threadline";
    };
  }, [title]);
}

// useLanguage tells screen readers and hyphenation what language the page is in,
// and whatever asks the server afterwards: before anything below it asks.
export function useLanguage(tag: string) {
  useLayoutEffect(() => {
    document.documentElement.lang = tag;
  }, [tag]);
}
