import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";

// What the server says has changed: kinds and ids, never what is in them.
interface News {
  kinds?: string[];
  ids?: string[];
  all?: boolean;
}

const gather = 300; // ms: many changes in a row are one look

// useLive keeps what is shown fresh: the server tells what changed, and what
// this page holds of it is asked for again. A browser that loses the connection
// comes again by itself and goes on where it was.
export function useLive() {
  const client = useQueryClient();
  useEffect(() => {
    if (typeof EventSource === "undefined") return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const source = new EventSource("/api/v1/live");
    source.onmessage = (event: MessageEvent<string>) => {
      const news = JSON.parse(event.data) as News;
      if (!news.all && !news.kinds?.length) return;
      clearTimeout(timer);
      // What is not shown is only marked as old.
      timer = setTimeout(() => void client.invalidateQueries({ refetchType: "active" }), gather);
    };
    return () => {
      clearTimeout(timer);
      source.close();
    };
  }, [client]);
}
