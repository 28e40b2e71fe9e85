import { useRef, useState } from "react";
import type { CrmSentFile, FileValue } from "../api/api";
import { upload as bring } from "../api/client";
import { withQuery } from "../api/query";
import { bytesOf, mostBytes } from "./letter";

// Upload is a file on its way to the server.
export interface Upload {
  n: number;
  file: File;
  done: number; // bytes
  failed?: unknown;
}

export interface Uploads {
  list: readonly Upload[];
  left: readonly string[]; // names of files that did not fit
  add: (files: readonly File[]) => void;
  retry: (upload: Upload) => void;
  remove: (upload: Upload) => void;
}

// useUploads brings files to the server, and says of those that would not fit
// that they do not before they are on their way.
export function useUploads(have: readonly CrmSentFile[], put: (file: CrmSentFile) => void): Uploads {
  const [list, setList] = useState<readonly Upload[]>([]);
  const [left, setLeft] = useState<readonly string[]>([]);
  const count = useRef(0);
  const running = useRef(new Map<number, AbortController>());
  const last = useRef(put);
  last.current = put;
  const change = (n: number, to: Partial<Upload> | null) =>
    setList((before) => before.flatMap((one) => (one.n !== n ? [one] : to ? [{ ...one, ...to }] : [])));
  const start = async ({ n, file }: Upload) => {
    const mine = new AbortController();
    running.current.set(n, mine);
    const type = file.type || "application/octet-stream";
    const path = withQuery("/api/v1/files", { name: file.name.slice(-200), type });
    try {
      const kept = await bring<FileValue>(path, file, "application/octet-stream", {
        seen: (done) => change(n, { done }),
        signal: mine.signal,
      });
      last.current(kept);
      change(n, null);
    } catch (failed) {
      if (!mine.signal.aborted) change(n, { failed });
    }
    running.current.delete(n);
  };
  const add = (files: readonly File[]) => {
    let room = mostBytes - bytesOf(have) - bytesOf(list.map(({ file }) => file));
    const fits = files.filter(({ size }) => {
      if (size > room) return false;
      room -= size;
      return true;
    });
    setLeft(files.filter((file) => !fits.includes(file)).map(({ name }) => name));
    const fresh = fits.map((file) => ({ n: ++count.current, file, done: 0 }));
    setList((before) => [...before, ...fresh]);
    for (const one of fresh) void start(one);
  };
  const retry = (upload: Upload) => {
    const { failed: _, ...anew } = { ...upload, done: 0 };
    setList((before) => before.map((one) => (one.n === upload.n ? anew : one)));
    void start(anew);
  };
  const remove = ({ n }: Upload) => {
    running.current.get(n)?.abort();
    change(n, null);
  };
  return { list, left, add, retry, remove };
}
