import { useRouterState } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import { signOut } from "../api/client";
import { dropAll } from "../look/draft";
import { Anchor } from "../look/link";
import { Mark, Sign } from "../look/sign";
import { store, stored } from "../look/stored";
import { Trouble } from "../look/trouble";
import { Health } from "../mailbox/health";
import { Bell } from "../notices/bell";
import { Search } from "../search/search";
import { useTongue } from "../words/words";
import { Person } from "./person";
import { type Place, usePlaces } from "./places";
import { useHere } from "./session";
import styles from "./shell.module.css";

// Shell is what stands around every screen: the bar, and the way to each screen.
export function Shell({ children }: { children: ReactNode }) {
  const path = useRouterState({ select: (state) => state.location.pathname });
  // Mail needs the room of three columns.
  const tight = path === "/inbox" || path.startsWith("/inbox/") || /^\/messages\/[^/]+$/.test(path);
  return (
    <div className={styles.shell} data-tight={tight}>
      <TopBar />
      <Places />
      <div className={styles.screen}>{children}</div>
    </div>
  );
}

function TopBar() {
  const { workspace, watched, onSignedOut } = useHere();
  const { words } = useTongue();
  const [failure, setFailure] = useState<unknown>(null);
  const leave = async () => {
    try {
      await signOut();
      dropAll();
      onSignedOut();
    } catch (cause) {
      setFailure(cause);
    }
  };
  return (
    <header className={styles.bar}>
      <Anchor className={styles.brand} href="/">
        <Mark />
        <span>{workspace.name}</span>
      </Anchor>
      <Health watched={watched} />
      <Search />
      <div className={styles.account}>
        <Bell />
        {failure ? <Trouble cause={failure} /> : null}
        <Person />
        <button
          type="button"
          className={styles.quietButton}
          aria-label={words.signOut}
          title={words.signOut}
          onClick={() => void leave()}
        >
          <span>{words.signOut}</span>
          <Sign name="leave" />
        </button>
      </div>
    </header>
  );
}

const groups = ["", "records", "outreach", "tools", "activities"];

// Places is the menu. On a telephone it is a strip of the first few, and the
// rest on demand.
function Places() {
  const { desk } = useTongue().words;
  const places = usePlaces();
  const path = useRouterState({ select: (state) => state.location.pathname });
  const [openAt, setOpenAt] = useState<string | null>(null); // closed by going anywhere
  const open = openAt === path;
  return (
    <nav
      className={styles.places}
      aria-label={desk.places}
      data-open={open}
      onKeyDown={(event) => event.key === "Escape" && setOpenAt(null)}
    >
      <button
        type="button"
        className={styles.all}
        aria-label={desk.allPlaces}
        aria-expanded={open}
        onClick={() => setOpenAt(open ? null : path)}
      >
        <Sign name={open ? "close" : "menu"} />
      </button>
      {groups.map((group) => (
        <Group key={group} name={group} places={places.filter((place) => place.group === group)} />
      ))}
    </nav>
  );
}

const foldedIs = "threadline:folded:";

// Group is a part of the menu. It can be folded, and stays so on this machine.
function Group({ name, places }: { name: string; places: readonly Place[] }) {
  const { desk } = useTongue().words;
  const [open, setOpen] = useState(() => (stored(foldedIs + name) ?? (name === "activities" ? "yes" : "no")) === "no");
  if (places.length === 0) return null;
  const turn = () => {
    store(foldedIs + name, open ? "yes" : "no");
    setOpen(!open);
  };
  return (
    <>
      {name ? (
        <button
          type="button"
          className={styles.group}
          aria-expanded={open}
          aria-label={desk.fold(desk.groups[name] ?? name)}
          onClick={turn}
        >
          <span>{desk.groups[name]}</span>
          <Sign name="chevron" />
        </button>
      ) : null}
      {places.map((place) => (
        <PlaceLink key={place.href} {...place} folded={!open} />
      ))}
    </>
  );
}

function PlaceLink({ href, sign, name, group, under = href, exact = false, folded }: Place & { folded: boolean }) {
  const path = useRouterState({ select: (state) => state.location.pathname });
  const current =
    path === href || path === under || (!exact && (path.startsWith(`${under}/`) || path.startsWith(`${href}/`)));
  return (
    <Anchor
      className={styles.place}
      href={href}
      title={name}
      data-folded={folded}
      data-first={group === ""}
      aria-current={current ? "page" : undefined}
    >
      <Sign name={sign} />
      <span>{name}</span>
    </Anchor>
  );
}
