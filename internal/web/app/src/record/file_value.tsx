import { useRef, useState } from "react";
import type { FieldView, RecordView } from "../api/api";
import { upload } from "../api/client";
import { withQuery } from "../api/query";
import { useTry } from "../look/attempt";
import { Sign } from "../look/sign";
import { bytes } from "../look/when";
import { useTongue } from "../words/words";
import { labelOfField } from "./folders";
import styles from "./record.module.css";

interface Kept {
  blob: string;
  name: string;
  type: string;
  size: number;
}

interface Props {
  field: FieldView;
  record: RecordView;
  save: (values: Record<string, unknown>) => Promise<unknown>;
}

// FileValue is the file that a field of a record names: saved by its name, put
// in the place of another one, and taken off.
export function FileValue({ field, record, save }: Props) {
  const tongue = useTongue();
  const { desk } = tongue.words;
  const input = useRef<HTMLInputElement>(null);
  const [busy, setBusy] = useState(false);
  const [trouble, attempt] = useTry();
  const label = labelOfField(field, tongue);
  const file = record.values[field.key] as Kept | undefined;
  const write = async (value: () => Promise<unknown>) => {
    setBusy(true);
    await attempt(async () => save({ [field.key]: await value() }));
    setBusy(false);
  };
  const put = (chosen: File | undefined) => {
    if (!chosen) return;
    const type = chosen.type || "application/octet-stream";
    void write(() =>
      upload<Kept>(withQuery("/api/v1/files", { name: chosen.name, type }), chosen, "application/octet-stream"),
    );
  };
  return (
    <div className={styles.fileValue}>
      {file ? (
        <>
          <a href={`/api/v1/files/${record.id}/${field.key}`} download={file.name}>
            {file.name}
          </a>
          <span>{bytes(file.size, tongue.tag)}</span>
        </>
      ) : null}
      {field.system ? null : (
        <>
          <input
            ref={input}
            type="file"
            hidden
            aria-label={label}
            onChange={(event) => {
              put(event.currentTarget.files?.[0]);
              event.currentTarget.value = "";
            }}
          />
          <button
            type="button"
            className={styles.pen}
            disabled={busy}
            aria-label={desk.edit(label)}
            onClick={() => input.current?.click()}
          >
            <Sign name={file ? "pen" : "plus"} />
          </button>
          {file ? (
            <button
              type="button"
              className={styles.pen}
              disabled={busy}
              aria-label={`${desk.remove}: ${file.name}`}
              onClick={() => void write(async () => null)}
            >
              <Sign name="close" />
            </button>
          ) : null}
        </>
      )}
      {trouble}
    </div>
  );
}
