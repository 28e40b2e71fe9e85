import { useRouterState } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import type { ItemsPipeline } from "../api/api";
import { signOut } from "../api/client";
import { useGet } from "../api/query";
import { Anchor } from "../look/link";
import { Mark, Sign } from "../look/sign";
import { Trouble } from "../look/trouble";
import { Health } from "../mailbox/health";
import { labelOfFolder, useFolders } from "../record/folders";
import { useTongue } from "../words/words";
import { useHere } from "./session";
import styles from "./shell.module.css";

// Shell is what stands around every screen: the bar, and the way to each screen.
export function Shell({ children }: { children: ReactNode }) {
  const path = useRouterState({ select: (state) => state.location.pathname });
  // Mail needs the room of three columns.
  const tight = path === "/inbox" || /^\/messages\/[^/]+$/.test(path);
  return (
    <div className={styles.shell} data-tight={tight}>
      <TopBar />
      <Places />
      <div className={styles.screen}>{children}</div>
    </div>
  );
}

function TopBar() {
  const { user, workspace, watched, onSignedOut } = useHere();
  const { words } = useTongue();
  const [failure, setFailure] = useState<unknown>(null);
  const leave = () => signOut().then(onSignedOut, setFailure);
  return (
    <header className={styles.bar}>
      <Anchor className={styles.brand} href="/">
        <Mark />
        <span>{workspace.name}</span>
      </Anchor>
      <Health watched={watched} />
      <div className={styles.account}>
        {failure ? <Trouble cause={failure} /> : null}
        <span className={styles.email} title={user.email}>
          {user.name || user.email}
        </span>
        <button
          type="button"
          className={styles.quietButton}
          aria-label={words.signOut}
          title={words.signOut}
          onClick={leave}
        >
          <span>{words.signOut}</span>
          <Sign name="leave" />
        </button>
      </div>
    </header>
  );
}

function Places() {
  const tongue = useTongue();
  const { desk } = tongue.words;
  const folders = useFolders();
  const pipelines = useGet<ItemsPipeline>("/api/v1/pipelines").data?.items ?? [];
  return (
    <nav className={styles.places} aria-label={desk.places}>
      <Place href="/" sign="day" name={desk.day} exact />
      <Place href="/inbox" sign="inbox" name={desk.inbox} under="/messages" />
      {folders.map((folder) => (
        <Place key={folder.kind} href={`/${folder.plural}`} sign={folder.kind} name={labelOfFolder(folder, tongue)} />
      ))}
      {pipelines.map((pipeline) => (
        <Place key={pipeline.key} href={`/board/${pipeline.key}`} sign="board" name={desk.board(pipeline.name)} />
      ))}
      <Place href="/health" sign="health" name={desk.health} />
      <Place href="/settings/people" sign="settings" name={desk.settings} under="/settings" />
    </nav>
  );
}

interface PlaceProps {
  href: string;
  sign: string;
  name: string;
  under?: string;
  exact?: boolean;
}

function Place({ href, sign, name, under = href, exact = false }: PlaceProps) {
  const path = useRouterState({ select: (state) => state.location.pathname });
  const current = path === href || (!exact && (path.startsWith(`${under}/`) || path.startsWith(`${href}/`)));
  return (
    <Anchor className={styles.place} href={href} aria-current={current ? "page" : undefined}>
      <Sign name={sign} />
      <span>{name}</span>
    </Anchor>
  );
}
