import { useRouterState } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import { signOut } from "../api/client";
import { Anchor } from "../look/link";
import { Mark, Sign } from "../look/sign";
import { Trouble } from "../look/trouble";
import { Health } from "../mailbox/health";
import { Search } from "../search/search";
import { useTongue } from "../words/words";
import { type Place, usePlaces } from "./places";
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
      <Search />
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
  const { desk } = useTongue().words;
  return (
    <nav className={styles.places} aria-label={desk.places}>
      {usePlaces().map((place) => (
        <PlaceLink key={place.href} {...place} />
      ))}
    </nav>
  );
}

function PlaceLink({ href, sign, name, under = href, exact = false }: Place) {
  const path = useRouterState({ select: (state) => state.location.pathname });
  const current = path === href || (!exact && (path.startsWith(`${under}/`) || path.startsWith(`${href}/`)));
  return (
    <Anchor className={styles.place} href={href} title={name} aria-current={current ? "page" : undefined}>
      <Sign name={sign} />
      <span>{name}</span>
    </Anchor>
  );
}
