import { useQueries } from "@tanstack/react-query";
import type { TimelineList, TimelineMessage } from "../api/api";
import { call } from "../api/client";
import { useGet, withQuery } from "../api/query";
import { Anchor } from "../look/link";
import { Section } from "../look/screen";
import { Sign } from "../look/sign";
import { bytes, shortWhen } from "../look/when";
import { hrefOf } from "../route";
import { useTongue } from "../words/words";
import styles from "./record.module.css";

const most = 12; // mails whose files are shown

// Files are what was attached to the mail of a record, newest first.
export function Files({ record }: { record: string }) {
  const { tag, words } = useTongue();
  const rows = useGet<TimelineList>(withQuery("/api/v1/messages", { record, limit: 100 })).data?.items ?? [];
  const mails = rows.filter((row) => row.attachments > 0 && row.level === "full").slice(0, most);
  const asked = useQueries({
    queries: mails.map(({ id }) => {
      const path = `/api/v1/messages/${encodeURIComponent(id)}`;
      return {
        queryKey: [path, "files"],
        staleTime: 60_000,
        queryFn: ({ signal }: { signal: AbortSignal }) => call<TimelineMessage>(path, { signal }),
      };
    }),
  });
  const files = asked.flatMap(({ data }) =>
    (data?.attachments ?? []).map((file, n) => ({ ...file, n, of: data?.id ?? "", date: data?.date ?? "" })),
  );
  if (files.length === 0) return null;
  return (
    <Section title={words.files} count={files.length}>
      <ul className={styles.files}>
        {files.map((file) => (
          <li key={`${file.of}/${file.n}`}>
            <Sign name="file" />
            <a href={`/api/v1/messages/${file.of}/attachments/${file.n}`} download={file.name}>
              {file.name}
            </a>
            <span>{bytes(file.size, tag)}</span>
            <Anchor href={hrefOf({ message: file.of, record })}>{shortWhen(file.date, tag, new Date())}</Anchor>
          </li>
        ))}
      </ul>
    </Section>
  );
}
