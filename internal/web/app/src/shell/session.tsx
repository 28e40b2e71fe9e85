import { Outlet } from "@tanstack/react-router";
import { createContext, Suspense, useCallback, useContext, useMemo, useState } from "react";
import type { MeView, UserView, WorkspaceView } from "../api/api";
import { Refused } from "../api/client";
import { useLive } from "../api/live";
import { useGet } from "../api/query";
import { DraftsContext, draftsOf } from "../look/draft";
import { useLanguage } from "../look/page";
import { Trouble } from "../look/trouble";
import { useMailboxes, type Watched } from "../mailbox/use_mailboxes";
import { SignedOut } from "../session/sign_in";
import { chosenLanguage } from "../settings/language";
import { TongueContext, tongueFor } from "../words/words";
import { Shell } from "./shell";
import styles from "./shell.module.css";
import { Undoing } from "./undo";

export interface Here {
  user: UserView;
  workspace: WorkspaceView;
  signature: string; // that stands under one's mail
  formatted: string; // the same as HTML, where it is formatted
  gmail: boolean; // a mailbox can be connected by consent at Google
  rights: readonly string[]; // what one's role allows besides records
  watched: Watched;
  speak: (language: string) => void;
  onSignedOut: () => void;
}

const HereContext = createContext<Here | null>(null);

// useHere is who is signed in, and to what.
export function useHere(): Here {
  const here = useContext(HereContext);
  if (!here) throw new Error("nobody is signed in");
  return here;
}

// Session is the door: behind it are all screens.
export function Session() {
  const { data, error, refetch } = useGet<MeView>("/api/v1/me");
  const [out, setOut] = useState(false);
  const leave = useCallback(() => setOut(true), []);
  if (out || (error instanceof Refused && error.problem.status === 401)) return <SignedOut />;
  if (error) {
    return (
      <main className={styles.alone}>
        <Trouble cause={error} onRetry={() => void refetch()} />
      </main>
    );
  }
  if (!data) return null;
  // The operator's socket has no person behind it.
  if (!data.user) return <SignedOut />;
  const { user, workspace, signature = "", signature_html = "", gmail = false } = data;
  const rights = data.rights ?? noRights;
  const its = { user, workspace, signature, formatted: signature_html, gmail, rights };
  return <Inside {...its} onSignedOut={leave} />;
}

const noRights: readonly string[] = [];

function Inside({
  user,
  workspace,
  signature,
  formatted,
  gmail,
  rights,
  onSignedOut,
}: Omit<Here, "watched" | "speak">) {
  const watched = useMailboxes(onSignedOut);
  useLive();
  const [language, speak] = useState(chosenLanguage);
  const wanted = language ?? user.locale;
  const tongue = useMemo(() => tongueFor(wanted ? [wanted, ...navigator.languages] : navigator.languages), [wanted]);
  useLanguage(tongue.tag);
  const drafts = useMemo(() => draftsOf(`${user.id}:${workspace.id}`), [user.id, workspace.id]);
  const here = useMemo(
    () => ({ user, workspace, signature, formatted, gmail, rights, watched, speak, onSignedOut }),
    [user, workspace, signature, formatted, gmail, rights, watched, onSignedOut],
  );
  return (
    <TongueContext value={tongue}>
      <HereContext value={here}>
        <DraftsContext value={drafts}>
          <Undoing>
            <Shell>
              <Suspense>
                <Outlet />
              </Suspense>
            </Shell>
          </Undoing>
        </DraftsContext>
      </HereContext>
    </TongueContext>
  );
}
