import { NativeSelect } from "@mantine/core";
import { Section } from "../look/screen";
import { useHere } from "../shell/session";
import { useTongue } from "../words/words";
import { keepLanguage, languages } from "./language";
import styles from "./settings.module.css";

// Language is that of this page on this machine.
export function Language() {
  const { tag, words } = useTongue();
  const { speak } = useHere();
  return (
    <Section title={words.desk.tabs.language ?? ""}>
      <div className={styles.pad}>
        <NativeSelect
          label={words.desk.tabs.language}
          value={tag.slice(0, 2)}
          data={languages}
          onChange={(event) => {
            keepLanguage(event.currentTarget.value);
            speak(event.currentTarget.value);
          }}
        />
      </div>
    </Section>
  );
}
