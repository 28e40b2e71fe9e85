import { Button } from "@mantine/core";
import { useState } from "react";
import type { TimelineReason } from "../api/api";
import { KindChip } from "../look/badge";
import { useKindOf } from "../record/kinds";
import { Picker } from "../record/picker";
import { useWords } from "../words/words";
import { Correct } from "./correct";
import styles from "./why.module.css";

// Correction takes a mail off a record.
export function Correction({ message, link }: { message: string; link: TimelineReason }) {
  const { desk } = useWords();
  const [open, setOpen] = useState(false);
  if (open) {
    return (
      <Correct
        message={message}
        change={{ effect: "never", record: link.record }}
        scopes={["thread", "message", "address", "domain"]}
        close={() => setOpen(false)}
      />
    );
  }
  return (
    <Button size="xs" variant="default" onClick={() => setOpen(true)}>
      {desk.wrong}
    </Button>
  );
}

// Others are the corrections that are about no link there is: to log the mail
// elsewhere, to hide it from colleagues and to show it again.
export function Others({ message }: { message: string }) {
  const { desk } = useWords();
  const [open, setOpen] = useState("");
  const kindOf = useKindOf();
  const [record, setRecord] = useState<{ id: string; name: string } | null>(null);
  const close = () => {
    setOpen("");
    setRecord(null);
  };
  return (
    <div className={styles.others}>
      <div className={styles.buttons}>
        {["link", "private", "shared"].map((effect) => (
          <Button
            key={effect}
            size="xs"
            variant="default"
            aria-expanded={open === effect}
            onClick={() => setOpen(effect)}
          >
            {desk.corrections[effect]}
          </Button>
        ))}
      </div>
      {open === "link" && !record ? (
        <Picker
          label={desk.corrections.link ?? ""}
          kind=""
          autoFocus
          leave={close}
          pick={(id, name) => setRecord({ id, name })}
        />
      ) : null}
      {record ? <KindChip kind={kindOf(record.id)} name={record.name} /> : null}
      {open === "link" && record ? (
        <Correct
          message={message}
          change={{ effect: "link", record: record.id }}
          scopes={["thread", "message", "address", "domain"]}
          close={close}
        />
      ) : null}
      {open === "private" || open === "shared" ? (
        <Correct key={open} message={message} change={{ effect: open }} scopes={["thread", "message"]} close={close} />
      ) : null}
    </div>
  );
}
