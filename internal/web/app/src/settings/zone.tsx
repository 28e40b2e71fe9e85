import { NativeSelect } from "@mantine/core";
import type { MeView } from "../api/api";
import { useSend } from "../api/query";
import { useTry } from "../look/attempt";
import { Section } from "../look/screen";
import { useSaid } from "../words/catalogue";
import { useWords } from "../words/words";
import styles from "./settings.module.css";
import { said } from "./words";

export const zones = Intl.supportedValuesOf("timeZone");

// OwnZone is by which zone a person lives; without a choice it is that of the
// workspace.
export function OwnZone({ me }: { me: MeView }) {
  const { desk } = useWords();
  const its = useSaid(said);
  const send = useSend();
  const [trouble, attempt] = useTry();
  const theirs = me.workspace.zone;
  const choose = (zone: string) =>
    void attempt(() => send("/api/v1/me/zone", { method: "PUT", body: { zone }, said: desk.saved }));
  return (
    <Section title={its.zone}>
      <p className={styles.note}>{its.zoneText}</p>
      {trouble}
      <div className={styles.pad}>
        <NativeSelect
          aria-label={its.zone}
          value={me.zone === theirs ? "" : me.zone}
          data={[
            { value: "", label: its.zoneOf(theirs) },
            ...[...new Set(["UTC", me.zone, ...zones])].filter((zone) => zone !== theirs),
          ]}
          onChange={(event) => choose(event.currentTarget.value)}
        />
      </div>
    </Section>
  );
}
