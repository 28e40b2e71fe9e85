import type { FolderView } from "../api/api";
import { labelOfField, useUsers } from "../record/folders";
import tools from "../table/table.module.css";
import { narrowed } from "../table/way";
import { said } from "../table/words";
import { useSaid } from "../words/catalogue";
import { useTongue } from "../words/words";

const noOwner = "none";

// ownedBy narrows a query to the records of an owner; empty stands for everybody.
export function ownedBy(query: string, plural: string, owner: string): string {
  if (!owner) return query;
  return narrowed(query, plural, owner === noOwner ? "owner is empty" : `owner = ${JSON.stringify(owner)}`);
}

interface Props {
  folder: FolderView;
  owner: string;
  choose: (owner: string) => void;
}

// OwnerChoice is whose records a board shows.
export function OwnerChoice({ folder, owner, choose }: Props) {
  const tongue = useTongue();
  const its = useSaid(said);
  const users = Object.entries(useUsers());
  const field = folder.fields?.find(({ key }) => key === "owner");
  if (!field) return null;
  const label = labelOfField(field, tongue);
  return (
    <select
      className={tools.tool}
      aria-label={label}
      value={owner}
      onChange={(event) => choose(event.currentTarget.value)}
    >
      <option value="">{its.owner(label, its.everybody)}</option>
      {users.map(([id, name]) => (
        <option key={id} value={id}>
          {its.owner(label, name)}
        </option>
      ))}
      <option value={noOwner}>{its.owner(label, its.none)}</option>
    </select>
  );
}
