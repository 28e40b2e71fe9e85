import { Button, Checkbox, NativeSelect, TextInput } from "@mantine/core";
import { useState } from "react";
import type {
  CrmFolderRights,
  CrmMemberRole,
  ItemsMemberRole,
  ItemsMembership,
  ItemsTeam,
  ItemsUserView,
} from "../api/api";
import { Refused } from "../api/client";
import { useGet, useSend } from "../api/query";
import { useTry } from "../look/attempt";
import { Empty } from "../look/empty";
import { Quiet, Section } from "../look/screen";
import { Scroll } from "../look/scroll";
import { Trouble } from "../look/trouble";
import { labelOfFolder, useFolders } from "../record/folders";
import { useSaid } from "../words/catalogue";
import { useTongue } from "../words/words";
import { Form } from "./asking";
import { keyOf } from "./fields";
import styles from "./settings.module.css";
import { Territories } from "./territories";
import { said } from "./words";

const verbs = ["read", "create", "update", "delete"] as const;
const rights = [
  "import",
  "export",
  "bulk_edit",
  "campaigns",
  "reports",
  "workflows",
  "settings",
  "admin",
  "others_tasks",
] as const;

// Roles are who may do what: people to roles and teams, roles to folders.
export function Roles() {
  const asked = useGet<ItemsMemberRole>("/api/v1/roles");
  const roles = asked.data?.items ?? [];
  const its = useSaid(said);
  if (asked.error instanceof Refused && asked.error.problem.status === 403) {
    return <Empty title={its.who} text={its.adminsOnly} />;
  }
  if (asked.error) return <Trouble cause={asked.error} />;
  return (
    <>
      <People roles={roles} />
      <Teams />
      <Territories />
      <Matrix roles={roles} />
    </>
  );
}

// nameOfRole is a role as people read it: one that came with the program in their
// language, while nobody renamed it.
const nameOfRole = ({ key, name }: { key: string; name?: string }, built: Readonly<Record<string, string>>): string =>
  (builtIn.has(key) && built[name ?? ""]) || name || key;

const useTeams = () => useGet<ItemsTeam>("/api/v1/teams").data?.items ?? [];

function People({ roles }: { roles: readonly CrmMemberRole[] }) {
  const { desk } = useTongue().words;
  const mine = useSaid(said);
  const send = useSend();
  const [trouble, attempt] = useTry();
  const users = useGet<ItemsUserView>("/api/v1/users").data?.items ?? [];
  const has = useGet<ItemsMembership>("/api/v1/memberships").data?.items ?? [];
  const teams = useTeams();
  const set = (user: string, role: string, list: readonly string[]) =>
    void attempt(() =>
      send(`/api/v1/memberships/${user}`, { method: "PUT", body: { role, teams: list }, said: desk.saved }),
    );
  return (
    <Section title={mine.who} count={users.length}>
      <ul className={styles.list}>
        {users.map((user) => {
          const one = has.find((membership) => membership.user === user.id);
          const role = one?.role || "member";
          const of = one?.teams ?? [];
          return (
            <li key={user.id}>
              <span>
                <strong>{user.name || user.email}</strong>
              </span>
              <NativeSelect
                size="xs"
                aria-label={`${mine.role}: ${user.name || user.email}`}
                value={role}
                data={roles.map((one) => ({ value: one.key, label: nameOfRole(one, mine.builtRoles) }))}
                onChange={(e) => set(user.id, e.currentTarget.value, of)}
              />
              {teams.map((team) => (
                <Checkbox
                  key={team.key}
                  size="xs"
                  label={team.name}
                  checked={of.includes(team.key)}
                  onChange={(e) =>
                    set(
                      user.id,
                      role,
                      e.currentTarget.checked ? [...of, team.key] : of.filter((key) => key !== team.key),
                    )
                  }
                />
              ))}
            </li>
          );
        })}
      </ul>
      {trouble}
    </Section>
  );
}

function Teams() {
  const { desk } = useTongue().words;
  const mine = useSaid(said);
  const send = useSend();
  const [trouble, attempt] = useTry();
  const [name, setName] = useState("");
  const [parent, setParent] = useState("");
  const teams = useTeams();
  const add = async () => {
    const body = { name, ...(parent ? { parent } : {}) };
    if (await attempt(() => send(`/api/v1/teams/${keyOf(name)}`, { method: "PUT", body, said: desk.saved })))
      setName("");
  };
  return (
    <Section title={mine.teams} count={teams.length}>
      <ul className={styles.list}>
        {teams.map((team) => (
          <li key={team.key}>
            <span>
              <strong>{team.name}</strong>{" "}
              <span className={styles.faint}>{teams.find((one) => one.key === team.parent)?.name}</span>
            </span>
            <Button
              size="xs"
              variant="default"
              onClick={() =>
                void attempt(() => send(`/api/v1/teams/${team.key}`, { method: "DELETE", said: desk.removed }))
              }
            >
              {desk.remove}
            </Button>
          </li>
        ))}
      </ul>
      {trouble}
      <Form submit={() => void add()}>
        <TextInput label={mine.newTeam} required value={name} onChange={(e) => setName(e.currentTarget.value)} />
        <NativeSelect
          label={mine.above}
          value={parent}
          data={[{ value: "", label: "–" }, ...teams.map((team) => ({ value: team.key, label: team.name }))]}
          onChange={(e) => setParent(e.currentTarget.value)}
        />
        <Button type="submit">{desk.create}</Button>
      </Form>
    </Section>
  );
}

const builtIn = new Set(["member", "admin", "billing"]);

function Matrix({ roles }: { roles: readonly CrmMemberRole[] }) {
  const { desk } = useTongue().words;
  const mine = useSaid(said);
  const send = useSend();
  const [trouble, attempt] = useTry();
  const [key, setKey] = useState("member");
  const [name, setName] = useState("");
  const role = roles.find((one) => one.key === key);
  const add = () =>
    attempt(async () => {
      const body = { name, others: { read: "all", create: "own", update: "own", delete: "none" }, rights: [] };
      await send(`/api/v1/roles/${keyOf(name)}`, { method: "PUT", body, said: desk.created });
      setKey(keyOf(name));
      setName("");
    });
  return (
    <Section title={mine.matrix}>
      <div className={styles.pad}>
        <NativeSelect
          label={mine.role}
          value={key}
          data={roles.map((one) => ({ value: one.key, label: nameOfRole(one, mine.builtRoles) }))}
          onChange={(e) => setKey(e.currentTarget.value)}
        />
      </div>
      {role ? <RoleOf key={JSON.stringify(role)} stored={role} /> : null}
      {trouble}
      <Form submit={() => void add()}>
        <TextInput label={mine.newRole} required value={name} onChange={(e) => setName(e.currentTarget.value)} />
        <Button type="submit">{desk.create}</Button>
      </Form>
    </Section>
  );
}

// RoleOf is one role: a line for each folder, a column for each thing to do.
function RoleOf({ stored }: { stored: CrmMemberRole }) {
  const tongue = useTongue();
  const mine = useSaid(said);
  const send = useSend();
  const [trouble, attempt] = useTry();
  const [role, setRole] = useState(stored);
  const folders = useFolders();
  const fixed = builtIn.has(stored.key);
  const save = () => {
    const { key, ...body } = role;
    return attempt(() => send(`/api/v1/roles/${key}`, { method: "PUT", body, said: tongue.words.desk.saved }));
  };
  const setFolder = (kind: string, reach: CrmFolderRights) =>
    setRole({ ...role, folders: { ...role.folders, [kind]: reach } });
  return (
    <>
      <Scroll label={mine.matrix}>
        <table className={styles.matrix}>
          <thead>
            <tr>
              <th scope="col">{mine.folder}</th>
              {verbs.map((verb) => (
                <th key={verb} scope="col">
                  {mine.verbs[verb]}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {folders.map((folder) => (
              <Reaches
                key={folder.kind}
                name={labelOfFolder(folder, tongue)}
                of={role.folders?.[folder.kind] ?? role.others}
                fixed={fixed}
                set={(reach) => setFolder(folder.kind, reach)}
              />
            ))}
            <Reaches name={mine.others} of={role.others} fixed={fixed} set={(others) => setRole({ ...role, others })} />
          </tbody>
        </table>
      </Scroll>
      <fieldset className={styles.rights} disabled={fixed}>
        <legend>{mine.rights}</legend>
        {rights.map((right) => (
          <Checkbox
            key={right}
            size="xs"
            label={mine.rightNames[right]}
            checked={role.rights?.includes(right) ?? false}
            onChange={(e) => {
              const rest = (role.rights ?? []).filter((one) => one !== right);
              setRole({ ...role, rights: e.currentTarget.checked ? [...rest, right] : rest });
            }}
          />
        ))}
      </fieldset>
      {trouble}
      {fixed ? (
        <Quiet>{mine.builtIn}</Quiet>
      ) : (
        <div className={styles.pad}>
          <Button disabled={role === stored} onClick={() => void save()}>
            {tongue.words.desk.save}
          </Button>
        </div>
      )}
    </>
  );
}

interface ReachesProps {
  name: string;
  of: CrmFolderRights;
  fixed: boolean;
  set: (of: CrmFolderRights) => void;
}

type Reach = NonNullable<CrmFolderRights["read"]>;

function Reaches({ name, of, fixed, set }: ReachesProps) {
  const mine = useSaid(said);
  return (
    <tr>
      <th scope="row">{name}</th>
      {verbs.map((verb) => (
        <td key={verb}>
          {fixed ? (
            mine.reaches[of[verb] ?? "none"]
          ) : (
            <NativeSelect
              size="xs"
              aria-label={`${name}: ${mine.verbs[verb]}`}
              value={of[verb] ?? "none"}
              data={Object.entries(mine.reaches).map(([value, label]) => ({ value, label }))}
              onChange={(e) => set({ ...of, [verb]: e.currentTarget.value as Reach })}
            />
          )}
        </td>
      ))}
    </tr>
  );
}
