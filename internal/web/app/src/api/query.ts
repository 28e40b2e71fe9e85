import { QueryClient, useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { useUndo } from "../shell/undo";
import { call, Refused } from "./client";

// The answers that this page holds are kept by their path. What a person writes
// makes all of them old, because one change may show in many places.

export function newClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 10_000,
        refetchOnWindowFocus: true,
        retry: (n, cause) => n < 3 && cause instanceof Refused && [429, 503].includes(cause.problem.status),
      },
    },
  });
}

// useGet asks for a path once and keeps the answer; an empty path asks nothing.
export function useGet<T>(path: string) {
  return useQuery({
    queryKey: [path],
    queryFn: ({ signal }) => call<T>(path, { signal }),
    enabled: path !== "",
  });
}

interface PageOf<T> {
  items: T[] | null;
  next?: string;
}

// usePages asks for a list page by page.
export function usePages<T>(path: string, limit = 100) {
  const asked = useInfiniteQuery({
    queryKey: [path, limit],
    queryFn: ({ pageParam, signal }) => call<PageOf<T>>(withQuery(path, { limit, cursor: pageParam }), { signal }),
    initialPageParam: "",
    getNextPageParam: (page) => page.next || undefined,
    enabled: path !== "",
  });
  const items = asked.data?.pages.flatMap((page) => page.items ?? []);
  return { ...asked, items };
}

// withQuery adds parameters to a path; those without a value are left out.
export function withQuery(path: string, parameters: Record<string, string | number | undefined>): string {
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(parameters)) if (value) query.set(key, String(value));
  const text = query.toString();
  if (!text) return path;
  return path + (path.includes("?") ? "&" : "?") + text;
}

export interface Send {
  method?: "POST" | "PATCH" | "PUT" | "DELETE";
  body?: unknown;
  version?: string;
  said?: string; // what the notice with the undo button says
}

// useSend writes to the server, offers to undo what was written, and makes
// everything that is shown fresh.
export function useSend() {
  const client = useQueryClient();
  const undo = useUndo();
  return useCallback(
    async <T>(path: string, { said, version, ...options }: Send): Promise<T> => {
      const headers: Record<string, string> = version ? { "if-match": version } : {};
      const answer = await call<T>(path, { method: "POST", ...options, headers });
      const batch = (answer as { batch?: string } | undefined)?.batch;
      if (said) undo.offer(said, batch);
      await client.invalidateQueries();
      return answer;
    },
    [client, undo],
  );
}
