import { Button, Checkbox, NativeSelect } from "@mantine/core";
import { useState } from "react";
import type { CrmMailing } from "../api/api";
import { useGet, useSend } from "../api/query";
import { useTry } from "../look/attempt";
import { Section } from "../look/screen";
import { useSaid } from "../words/catalogue";
import { useWords } from "../words/words";
import { Form } from "./asking";
import styles from "./settings.module.css";
import { said } from "./tracking_words";

// Tracking says how far the reading of mails may be found out here. Who may not
// know of it is not shown it.
export function Tracking() {
  const stored = useGet<CrmMailing>("/api/v1/mailing").data;
  return stored ? <Edit key={JSON.stringify(stored)} stored={stored} /> : null;
}

function Edit({ stored }: { stored: CrmMailing }) {
  const { desk } = useWords();
  const its = useSaid(said);
  const send = useSend();
  const [trouble, attempt] = useTry();
  const [single, setSingle] = useState(stored.single_mails ?? "");
  const [consent, setConsent] = useState(stored.consent ?? false);
  const save = () =>
    attempt(() =>
      send("/api/v1/mailing", {
        method: "PUT",
        body: { ...stored, single_mails: single, consent },
        said: desk.saved,
      }),
    );
  return (
    <Section title={its.title}>
      {trouble}
      <Form submit={() => void save()}>
        <NativeSelect
          label={its.single}
          description={its.singleText}
          inputWrapperOrder={["label", "input", "description", "error"]}
          value={single}
          data={[
            { value: "", label: its.off },
            { value: "aggregate", label: its.aggregate },
            { value: "individual", label: its.individual },
          ]}
          onChange={(event) => setSingle(event.currentTarget.value as typeof single)}
        />
        <Checkbox label={its.consent} checked={consent} onChange={(event) => setConsent(event.currentTarget.checked)} />
        <Button type="submit">{desk.save}</Button>
      </Form>
      <p className={styles.note}>{its.note}</p>
    </Section>
  );
}
