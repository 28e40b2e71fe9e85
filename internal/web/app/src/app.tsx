import { useCallback, useMemo, useState } from "react";
import { me, Refused, signOut } from "./api/client";
import type { Me } from "./api/types";
import styles from "./app.module.css";
import { CardPanel } from "./card/panel";
import { useAsked } from "./look/asked";
import { Empty } from "./look/empty";
import { Anchor } from "./look/link";
import { useLanguage } from "./look/page";
import { Mark, Sign } from "./look/sign";
import { Trouble } from "./look/trouble";
import { MailList } from "./mail/list";
import { MessagePane } from "./mail/message";
import { useMessages } from "./mail/use_messages";
import { Health } from "./mailbox/health";
import { useMailboxes, type Watched } from "./mailbox/use_mailboxes";
import { hrefOf, type Route, useRoute } from "./route";
import { SignedOut, SignIn } from "./session/sign_in";
import { TongueContext, tongueFor, useWords } from "./words/words";

// App is the whole page: the door, and behind it the mail.
export function App({ token }: { token: string | null }) {
  const route = useRoute();
  return (
    <TongueContext value={tongueFor(navigator.languages)}>
      {route.page === "sign-in" ? <SignIn token={token} /> : <Session route={route} />}
    </TongueContext>
  );
}

type User = NonNullable<Me["user"]>;
type MailRoute = Extract<Route, { page: "mail" }>;

function Session({ route }: { route: MailRoute }) {
  const { data, failure, again } = useAsked(me);
  const [out, setOut] = useState(false);
  const leave = useCallback(() => setOut(true), []);
  const locale = data?.user?.locale;
  const tongue = useMemo(() => tongueFor(locale ? [locale, ...navigator.languages] : navigator.languages), [locale]);
  useLanguage(tongue.tag);
  if (out || (failure instanceof Refused && failure.problem.status === 401)) return <SignedOut />;
  if (failure) {
    return (
      <main className={styles.alone}>
        <Trouble cause={failure} onRetry={again} />
      </main>
    );
  }
  if (!data) return null;
  // The operator's socket has no person behind it.
  if (!data.user) return <SignedOut />;
  return (
    <TongueContext value={tongue}>
      <Desk user={data.user} workspace={data.workspace.name} route={route} onSignedOut={leave} />
    </TongueContext>
  );
}

interface DeskProps {
  user: User;
  workspace: string;
  route: MailRoute;
  onSignedOut: () => void;
}

// Desk is the mail: list, message and card side by side, as far as there is room.
function Desk({ user, workspace, route, onSignedOut }: DeskProps) {
  const { message, record } = route;
  const watched = useMailboxes(onSignedOut);
  const listed = useMessages(record, watched.pulse);
  const empty = message === undefined && listed.items?.length === 0 && !listed.next;
  return (
    <div className={styles.desk} data-open={message !== undefined} data-empty={empty}>
      <TopBar user={user} workspace={workspace} watched={watched} onSignedOut={onSignedOut} />
      <div className={styles.list}>
        <MailList listed={listed} open={message} record={record} mailboxes={watched.mailboxes} />
      </div>
      <div className={styles.reading}>
        <main className={styles.message}>
          {message ? <MessagePane id={message} back={hrefOf({ record })} /> : <Pick />}
        </main>
        <aside className={styles.side}>
          <CardPanel message={message} />
        </aside>
      </div>
    </div>
  );
}

function Pick() {
  const words = useWords();
  return <Empty title={words.pickTitle} text={words.pickText} />;
}

type BarProps = Omit<DeskProps, "route"> & { watched: Watched };

function TopBar({ user, workspace, watched, onSignedOut }: BarProps) {
  const words = useWords();
  const [failure, setFailure] = useState<unknown>(null);
  const leave = () => signOut().then(onSignedOut, setFailure);
  return (
    <header className={styles.bar}>
      <Anchor className={styles.brand} href="/">
        <Mark />
        <span>{workspace}</span>
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
