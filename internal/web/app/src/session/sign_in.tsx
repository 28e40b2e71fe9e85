import { useEffect, useRef, useState } from "react";
import { signIn } from "../api/client";
import { Command } from "../look/empty";
import { Trouble } from "../look/trouble";
import { go } from "../route";
import { useWords } from "../words/words";
import { Door } from "./door";
import styles from "./session.module.css";

// SignIn gives a one-time token to the server, once, and goes on to the mail.
export function SignIn({ token }: { token: string | null }) {
  const words = useWords();
  const [failure, setFailure] = useState<unknown>(null);
  const given = useRef(false);
  useEffect(() => {
    // The token is valid once: an effect that runs twice must not give it twice.
    if (!token || given.current) return;
    given.current = true;
    signIn(token).then(() => go("/", { replace: true }), setFailure);
  }, [token]);
  if (!token) return <SignedOut />;
  return (
    <main className={styles.page}>
      {failure ? (
        <SignedOutText>
          <Trouble title={words.signInFailed} cause={failure} />
        </SignedOutText>
      ) : (
        <p role="status">{words.signInBusy}</p>
      )}
    </main>
  );
}

// SignedOut lets people in by password or by Google, and says how else.
export function SignedOut() {
  return (
    <main className={styles.page}>
      <Door />
      <SignedOutText />
    </main>
  );
}

function SignedOutText({ children }: { children?: React.ReactNode }) {
  const words = useWords();
  return (
    <section className={styles.how}>
      <h2>{words.signInTitle}</h2>
      <p>{words.signInHow}</p>
      <Command line="threadline user add you@company.example" />
      {children}
    </section>
  );
}
