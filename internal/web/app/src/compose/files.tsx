import { useRef } from "react";
import type { CrmSentFile } from "../api/api";
import { Sign } from "../look/sign";
import { reasonFor } from "../look/trouble";
import { bytes } from "../look/when";
import { useSaid } from "../words/catalogue";
import { useTongue } from "../words/words";
import styles from "./compose.module.css";
import { bytesOf } from "./letter";
import type { Upload, Uploads } from "./upload";
import { said } from "./words";

interface Props {
  files: readonly CrmSentFile[];
  uploads: Uploads;
  remove: (file: CrmSentFile) => void;
}

// Files are what goes with a letter, and what is on its way up.
export function Files({ files, uploads, remove }: Props) {
  const its = useSaid(said);
  const { tag } = useTongue();
  const { list, left } = uploads;
  return (
    <>
      {files.length + list.length > 0 ? (
        <ul className={styles.files}>
          {files.map((file) => (
            <li key={`${file.blob} ${file.name}`}>
              <Sign name="file" />
              <span className={styles.name}>{file.name}</span>
              <span className={styles.size}>{bytes(file.size ?? 0, tag)}</span>
              <Small sign="close" label={its.remove(file.name ?? "")} act={() => remove(file)} />
            </li>
          ))}
          {list.map((one) => (
            <Under key={one.n} upload={one} uploads={uploads} />
          ))}
        </ul>
      ) : null}
      {left.length > 0 ? (
        <p className={styles.fault} role="alert">
          {its.tooLarge(left.join(", "))}
        </p>
      ) : null}
    </>
  );
}

function Under({ upload, uploads }: { upload: Upload; uploads: Uploads }) {
  const its = useSaid(said);
  const { tag, words } = useTongue();
  const { file, done, failed } = upload;
  return (
    <li data-failed={failed !== undefined}>
      <Sign name={failed === undefined ? "file" : "warn"} />
      <span className={styles.name}>{file.name}</span>
      {failed === undefined ? (
        <progress aria-label={its.uploading(file.name)} value={done} max={Math.max(1, file.size)} />
      ) : (
        <>
          <span className={styles.fault} role="alert" title={reasonFor(failed, words)}>
            {its.notUploaded}
          </span>
          <button type="button" className={styles.link} onClick={() => uploads.retry(upload)}>
            {its.retry(file.name)}
          </button>
        </>
      )}
      <span className={styles.size}>{bytes(file.size, tag)}</span>
      <Small sign="close" label={its.remove(file.name)} act={() => uploads.remove(upload)} />
    </li>
  );
}

export function Small({ sign, label, act }: { sign: string; label: string; act: () => void }) {
  return (
    <button type="button" className={styles.small} aria-label={label} title={label} onClick={act}>
      <Sign name={sign} />
    </button>
  );
}

// Attach opens the files of this machine, and says how much room is left.
export function Attach({ files, uploads }: Omit<Props, "remove">) {
  const its = useSaid(said);
  const { tag } = useTongue();
  const input = useRef<HTMLInputElement>(null);
  const used = bytesOf(files) + bytesOf(uploads.list.map(({ file }) => file));
  return (
    <>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        aria-label={its.attach}
        onChange={(event) => {
          uploads.add([...(event.currentTarget.files ?? [])]);
          event.currentTarget.value = "";
        }}
      />
      <button type="button" className={styles.tool} onClick={() => input.current?.click()}>
        <Sign name="clip" />
        {its.attach}
      </button>
      <span className={styles.size}>{used > 0 ? its.limit(bytes(used, tag)) : its.most}</span>
    </>
  );
}
