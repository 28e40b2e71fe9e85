import { NativeSelect } from "@mantine/core";
import type { IntakeLine } from "../api/api";
import { Anchor } from "../look/link";
import { Scroll } from "../look/scroll";
import { hrefOfRecord } from "../record/folders";
import { useSaid } from "../words/catalogue";
import styles from "./imports.module.css";
import { said } from "./words";

interface Props {
  lines: readonly IntakeLine[];
  names: Readonly<Record<string, string>>;
  decide: ((row: number, what: string) => void) | undefined;
}

// Rows are lines of a plan or of a result; with decide, each can be decided on.
export function Rows({ lines, names, decide }: Props) {
  const mine = useSaid(said);
  return (
    <Scroll label={mine.planned}>
      <table className={styles.table}>
        <thead>
          <tr>
            <th>{mine.row}</th>
            <th>{mine.whatBecomes}</th>
            <th aria-label={mine.result} />
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => (
            <tr key={line.row} data-do={line.do}>
              <td>{line.row}</td>
              <td>
                {decide ? (
                  <NativeSelect
                    size="xs"
                    aria-label={mine.decide(line.row)}
                    value={line.do === "error" ? "" : line.do}
                    data={[
                      { value: "", label: line.do === "error" ? (names.error ?? "") : mine.asPlanned },
                      ...["create", ...(line.record ? ["update", "merge"] : []), "skip"].map((value) => ({
                        value,
                        label: names[value] ?? value,
                      })),
                    ]}
                    onChange={(e) => decide(line.row, e.currentTarget.value)}
                  />
                ) : (
                  (names[line.do] ?? line.do)
                )}
              </td>
              <td>
                {line.record ? <Anchor href={hrefOfRecord(line.record)}>{line.name || line.record}</Anchor> : line.name}
                {line.fault ? (
                  <p className={styles.fault} data-warning={line.fault.warning}>
                    {line.fault.detail}
                    {line.fault.hint ? ` – ${line.fault.hint}` : ""}
                  </p>
                ) : null}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}
