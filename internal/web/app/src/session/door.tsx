import { Button, TextInput } from "@mantine/core";
import { type FormEvent, useEffect, useState } from "react";
import { signInByCode, signInByPassword, signInWays } from "../api/client";
import { useAsked } from "../look/asked";
import { Secret } from "../look/secret";
import { Mark } from "../look/sign";
import { Trouble } from "../look/trouble";
import { useWords } from "../words/words";
import styles from "./session.module.css";
import { keepThen } from "./then";

// Door is the form of the sign-in page: address and password, then the second
// factor where there is one. Google's answer comes back in the address.
export function Door() {
  const words = useWords();
  const asked = new URLSearchParams(location.search);
  useEffect(() => keepThen(location.search), []);
  const [second, setSecond] = useState(asked.get("code") === "1");
  const [failure, setFailure] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const ways = useAsked(signInWays);
  const give = (sent: ReturnType<typeof signInByCode>) => {
    setBusy(true);
    setFailure(null);
    sent
      .then(({ second_factor }) => (second_factor ? setSecond(true) : location.replace("/")))
      .catch(setFailure)
      .finally(() => setBusy(false));
  };
  return (
    <section className={styles.door} aria-label={words.signInEnter}>
      <Mark />
      <h1>{words.signInEnter}</h1>
      {asked.has("refused") && !failure ? <p role="alert">{words.signInRefused}</p> : null}
      {failure ? <Trouble cause={failure} /> : null}
      {second ? <Code onGive={(code) => give(signInByCode(code))} busy={busy} /> : null}
      {second ? (
        <button type="button" className={styles.quiet} onClick={() => setSecond(false)}>
          {words.signInAgain}
        </button>
      ) : (
        <Password onGive={(email, password) => give(signInByPassword(email, password))} busy={busy} />
      )}
      {!second && ways.data?.google ? (
        <a className={styles.google} href="/auth/google/start">
          {words.signInGoogle}
        </a>
      ) : null}
    </section>
  );
}

function Password({ onGive, busy }: { onGive: (email: string, password: string) => void; busy: boolean }) {
  const words = useWords();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    onGive(String(form.get("email")), String(form.get("password")));
  };
  return (
    <form onSubmit={submit} className={styles.form}>
      <TextInput label={words.signInEmail} name="email" type="email" autoComplete="username" required maxLength={254} />
      <Secret label={words.signInPassword} name="password" autoComplete="current-password" required maxLength={256} />
      <Button type="submit" loading={busy}>
        {words.signInEnter}
      </Button>
    </form>
  );
}

function Code({ onGive, busy }: { onGive: (code: string) => void; busy: boolean }) {
  const words = useWords();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    onGive(String(new FormData(event.currentTarget).get("code")));
  };
  return (
    <form onSubmit={submit} className={styles.form}>
      <TextInput
        label={words.signInCode}
        description={words.signInCodeHow}
        name="code"
        autoComplete="one-time-code"
        required
        maxLength={40}
      />
      <Button type="submit" loading={busy}>
        {words.signInEnter}
      </Button>
    </form>
  );
}
