import { Button, NativeSelect, TextInput } from "@mantine/core";
import { useState } from "react";
import type { FolderView, ItemsTeam, ItemsViewView, ViewBody, ViewView } from "../api/api";
import { useGet, useSend } from "../api/query";
import { useTry } from "../look/attempt";
import { Drop } from "../look/drop";
import { Anchor } from "../look/link";
import { go } from "../route";
import { useUndo } from "../shell/undo";
import { useSaid } from "../words/catalogue";
import { useWords } from "../words/words";
import styles from "./table.module.css";
import { said } from "./views_words";
import { inPipeline, type Way, wayOf, written } from "./way";

// Look is what a view keeps.
export interface Look {
  query: string;
  columns: readonly string[];
  group: string;
  way: Way;
}

export function useViews(folder: FolderView | undefined) {
  return useGet<ItemsViewView>(folder ? `/api/v1/views?kind=${folder.kind}` : "");
}

const hrefOf = (folder: FolderView, view: string) => `/${folder.plural}${view ? `?view=${view}` : ""}`;

interface Props {
  folder: FolderView;
  view: ViewView | undefined; // which is open
  look: Look;
}

// Views are the ways to look at a folder that somebody kept: one opens them,
// keeps what is seen now, changes, shares and removes them.
export function Views({ folder, view, look }: Props) {
  const its = useSaid(said);
  const list = useViews(folder).data?.items ?? [];
  const changed = view !== undefined && !same(view, look);
  const label = view ? view.name + (changed ? ` · ${its.changed}` : "") : its.views;
  return (
    <Drop label={label} sign="view" marked={view !== undefined}>
      {(close) => (
        <>
          {list.length === 0 ? <small>{its.none}</small> : null}
          {list.length > 0 ? (
            <ul className={styles.views}>
              <li>
                <Anchor href={hrefOf(folder, "")} aria-current={view ? undefined : "true"}>
                  {its.all}
                </Anchor>
              </li>
              {list.map((one) => (
                <li key={one.id}>
                  <Anchor href={hrefOf(folder, one.id)} aria-current={one.id === view?.id ? "true" : undefined}>
                    {one.name}
                  </Anchor>
                  <small>
                    {one.type === "table" ? "" : `${its.ways[one.type]} · `}
                    {its.sharing[one.sharing]}
                  </small>
                </li>
              ))}
            </ul>
          ) : null}
          {view ? <Opened folder={folder} view={view} look={look} changed={changed} close={close} /> : null}
          {view ? null : <Keep folder={folder} look={look} close={close} />}
        </>
      )}
    </Drop>
  );
}

const same = (view: ViewView, look: Look) =>
  view.query === (look.query || view.query) &&
  written(wayOf(view)) === written(look.way) &&
  (look.way.as !== "table" || (view.group_by ?? "") === look.group) &&
  [...(view.columns ?? [])].sort().join() === [...look.columns].sort().join();

// bodyOf is what a view keeps of what is seen. The query of a board says its
// pipeline.
function bodyOf(folder: FolderView, { query, columns, group, way }: Look): Omit<ViewBody, "name"> {
  const body = { kind: folder.kind, type: way.as, columns: [...columns] };
  const asked = query || folder.plural;
  switch (way.as) {
    case "board":
      if (way.by) return { ...body, query: asked, group_by: way.by };
      return { ...body, query: inPipeline(asked, folder.plural, way.pipeline), group_by: "stage" };
    case "calendar":
      return { ...body, query: asked, date: way.date };
    default:
      return { ...body, query: asked, ...(group ? { group_by: group } : {}) };
  }
}

interface Sharing {
  name: string;
  sharing: string;
  team: string;
}

// Shared asks what a view is called and who sees it.
function Shared({ draft, set }: { draft: Sharing; set: (draft: Sharing) => void }) {
  const its = useSaid(said);
  const teams = useGet<ItemsTeam>("/api/v1/teams").data?.items ?? [];
  const ways = Object.entries(its.sharing).filter(([way]) => way !== "team" || teams.length > 0);
  return (
    <>
      <TextInput
        size="xs"
        label={its.name}
        required
        maxLength={200}
        value={draft.name}
        onChange={(event) => set({ ...draft, name: event.currentTarget.value })}
      />
      <NativeSelect
        size="xs"
        label={its.seenBy}
        value={draft.sharing}
        data={ways.map(([value, label]) => ({ value, label }))}
        onChange={({ currentTarget: { value } }) =>
          set({ ...draft, sharing: value, team: value === "team" ? (teams[0]?.key ?? "") : "" })
        }
      />
      {draft.sharing === "team" ? (
        <NativeSelect
          size="xs"
          label={its.team}
          value={draft.team}
          data={teams.map(({ key, name }) => ({ value: key, label: name }))}
          onChange={(event) => set({ ...draft, team: event.currentTarget.value })}
        />
      ) : null}
    </>
  );
}

const sharingOf = ({ name, sharing, team }: Sharing) => ({ name, sharing, ...(team ? { team } : {}) });

// kept makes a view of what is seen.
async function kept(send: ReturnType<typeof useSend>, said: string, folder: FolderView, look: Look, as: Sharing) {
  const body = { ...bodyOf(folder, look), ...sharingOf(as) };
  return (await send<ViewView>("/api/v1/views", { body, said })).id;
}

function Keep({ folder, look, close }: { folder: FolderView; look: Look; close: () => void }) {
  const its = useSaid(said);
  const { desk } = useWords();
  const send = useSend();
  const [trouble, attempt] = useTry();
  const [draft, set] = useState<Sharing>({ name: "", sharing: "private", team: "" });
  const keep = () =>
    attempt(async () => {
      go(hrefOf(folder, await kept(send, desk.saved, folder, look, draft)));
      close();
    });
  return (
    <form
      className={styles.keep}
      onSubmit={(event) => {
        event.preventDefault();
        void keep();
      }}
    >
      <Shared draft={draft} set={set} />
      {trouble}
      <Button type="submit" size="xs">
        {its.keep}
      </Button>
    </form>
  );
}

function Opened({
  folder,
  view,
  look,
  changed,
  close,
}: Props & { view: ViewView; changed: boolean; close: () => void }) {
  const its = useSaid(said);
  const { desk } = useWords();
  const send = useSend();
  const undo = useUndo();
  const [trouble, attempt] = useTry();
  const [draft, set] = useState<Sharing>({ name: view.name, sharing: view.sharing, team: view.team ?? "" });
  const path = `/api/v1/views/${view.id}`;
  const renamed = draft.name !== view.name || draft.sharing !== view.sharing || draft.team !== (view.team ?? "");
  const put = (now: Look) =>
    attempt(async () => {
      const body = { ...bodyOf(folder, now), ...sharingOf(draft) };
      await send(path, { method: "PUT", version: view.version, body, said: desk.saved });
      if (now === look) go(hrefOf(folder, view.id));
      close();
    });
  const stored: Look = { query: view.query, columns: view.columns ?? [], group: view.group_by ?? "", way: wayOf(view) };
  const drop = () =>
    attempt(async () => {
      await send(path, { method: "DELETE", said: desk.removed });
      go(hrefOf(folder, ""));
      close();
    });
  const anew = () =>
    attempt(async () => {
      go(hrefOf(folder, await kept(send, desk.saved, folder, look, draft)));
      close();
    });
  const copy = () =>
    attempt(async () => {
      await navigator.clipboard.writeText(location.origin + hrefOf(folder, view.id));
      undo.offer(its.copied);
    });
  return (
    <form
      className={styles.keep}
      onSubmit={(event) => {
        event.preventDefault();
        void put(stored);
      }}
    >
      <div className={styles.keepTools}>
        {changed ? (
          <>
            <Button size="xs" onClick={() => void put(look)}>
              {its.update}
            </Button>
            <Button size="xs" variant="default" onClick={() => void anew()}>
              {its.keep}
            </Button>
          </>
        ) : null}
        <Button size="xs" variant="default" onClick={() => void copy()}>
          {its.copy}
        </Button>
        <Button size="xs" variant="default" onClick={() => void drop()}>
          {desk.remove}
        </Button>
      </div>
      <Shared draft={draft} set={set} />
      {trouble}
      {renamed ? (
        <Button type="submit" size="xs" variant="default">
          {its.rename}
        </Button>
      ) : null}
    </form>
  );
}
