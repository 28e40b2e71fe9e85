import type { FieldView, FolderView, RecordsFieldDiff } from "../api/api";
import { nameOf, useTongue } from "../words/words";
import { labelOfField, useUsers } from "./folders";
import { useNames } from "./names";
import { useStageName } from "./pipelines";
import styles from "./record.module.css";
import { idsOf, readable } from "./value";

// Diff is a field before and after, with names in place of ids.
export function Diff({ diff, folder }: { diff: RecordsFieldDiff; folder: FolderView }) {
  const tongue = useTongue();
  const field = folder.fields?.find((one) => one.key === diff.field);
  return (
    <span className={styles.diff}>
      {field ? labelOfField(field, tongue) : nameOf(tongue.words.desk.fields, diff.field)}:{" "}
      <del>
        <Side field={field} value={diff.before} />
      </del>{" "}
      →{" "}
      <ins>
        <Side field={field} value={diff.after} />
      </ins>
    </span>
  );
}

function Side({ field, value }: { field: FieldView | undefined; value: unknown }) {
  const { tag, words } = useTongue();
  const users = useUsers();
  const stageName = useStageName();
  const names = useNames(field?.type === "relation" ? idsOf(value) : []);
  if (value === null || value === undefined || value === "") return "–";
  if (!field) return String(value);
  if (field.key === "stage") return stageName(String(value));
  if (field.type === "relation") {
    return idsOf(value)
      .map((id) => names[id])
      .join(", ");
  }
  if (field.type === "dropdown") return nameOf(words.desk.choices, String(value));
  const record = { id: "", kind: "", created_at: "", version: "", values: { [field.key]: value } };
  return readable(field, record, tag, users);
}
