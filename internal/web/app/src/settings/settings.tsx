import { useParams } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { Anchor } from "../look/link";
import { Screen } from "../look/screen";
import { useHere } from "../shell/session";
import { useWords } from "../words/words";
import { Account } from "./account";
import { Exclusions } from "./exclusions";
import { Fields } from "./fields";
import { Keys } from "./keys";
import { Language } from "./language_tab";
import { MailboxTab } from "./mailboxes";
import { People } from "./people";
import { Pipelines } from "./pipelines";
import { Roles } from "./roles";
import styles from "./settings.module.css";
import { Workspace } from "./workspace";

// What a tab is of no use without.
const needs: Readonly<Record<string, string>> = {
  workspace: "admin",
  roles: "admin",
  fields: "settings",
  pipelines: "settings",
};

const tabs: Readonly<Record<string, () => React.ReactNode>> = {
  account: Account,
  workspace: Workspace,
  people: People,
  roles: Roles,
  fields: Fields,
  pipelines: Pipelines,
  mailboxes: MailboxTab,
  privacy: Exclusions,
  keys: Keys,
  language: Language,
};

// Settings are what holds for the workspace, a page for each subject.
export function Settings() {
  const { tab = "people" } = useParams({ strict: false }) as { tab?: string };
  const { desk } = useWords();
  const { rights } = useHere();
  const bills = rights.includes("billing_only"); // and nothing that a key could open
  const mine = Object.keys(tabs).filter((name) =>
    name === "keys" ? !bills : !needs[name] || rights.includes(needs[name]),
  );
  const Tab = tabs[tab] ?? People;
  const list = useRef<HTMLElement>(null);
  // On a telephone the tabs are a strip that may begin elsewhere.
  useEffect(() => {
    const link = list.current?.querySelector(`[href$="/${CSS.escape(tab)}"]`);
    link?.scrollIntoView?.({ block: "nearest", inline: "center" });
  }, [tab]);
  return (
    <Screen title={desk.settings}>
      <nav ref={list} className={styles.tabs} aria-label={desk.settings}>
        {mine.map((name) => (
          <Anchor key={name} href={`/settings/${name}`} aria-current={name === tab ? "page" : undefined}>
            {desk.tabs[name]}
          </Anchor>
        ))}
      </nav>
      <Tab />
    </Screen>
  );
}
