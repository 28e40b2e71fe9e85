import { Button, Checkbox, NativeSelect, TextInput } from "@mantine/core";
import { useState } from "react";
import type { ConsentView, MailboxView } from "../api/api";
import { call, Refused } from "../api/client";
import { useSend } from "../api/query";
import { useDraft } from "../look/draft";
import { Secret } from "../look/secret";
import { reasonFor } from "../look/trouble";
import { useHere } from "../shell/session";
import { useSaid } from "../words/catalogue";
import { useWords } from "../words/words";
import styles from "./connect.module.css";
import { guess, type Way } from "./providers";
import { said } from "./words";

interface Form extends Way {
  address: string;
  login: string;
  since: string;
}

const below = ["label", "input", "description", "error"] as const;

const empty: Form = { address: "", login: "", since: "", server: "", tls: "tls", smtp: "", smtp_tls: "tls" };

// Connect asks for a mailbox: an address and a password are enough where the
// provider is known or the usual names lead to its server. What was typed stays,
// except for the password.
export function Connect({ done }: { done?: (mailbox: MailboxView) => void }) {
  const its = useSaid(said);
  const { gmail, user, watched } = useHere();
  // The first one is most often that of the address by which one signs in.
  const [first] = useState(() => ({ ...empty, address: watched.mailboxes?.length === 0 ? user.email : "" }));
  const [form, set, forget] = useDraft("mailbox", first);
  const [password, setPassword] = useState("");
  const [open, setOpen] = useState(false);
  const asked = useAsking();
  const guessed = guess(form.address);
  const ways = form.server ? [form] : guessed.ways;
  const edit = (change: Partial<Form>) => {
    asked.clear();
    set({ ...form, ...change });
  };
  const submit = async () => {
    const mailbox = await asked.ask(form, ways, password);
    if (!mailbox) return setOpen(true);
    setPassword("");
    forget();
    done?.(mailbox);
  };
  return (
    <div className={styles.connect}>
      {gmail ? <Google /> : null}
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <TextInput
          label={its.address}
          type="email"
          required
          autoComplete="email"
          value={form.address}
          error={asked.of("address")}
          onChange={(event) => edit({ address: event.currentTarget.value })}
        />
        <Secret
          label={its.password}
          inputWrapperOrder={[...below]}
          description={its.passwordKept}
          required
          autoComplete="off"
          value={password}
          error={asked.of("password")}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        {guessed.want ? <p className={styles.want}>{its.wants[guessed.want]}</p> : null}
        <details className={styles.more} open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
          <summary>{ways[0] ? its.settings(ways[0].server) : its.settingsUnknown}</summary>
          <Server form={form} way={ways[0] ?? empty} edit={edit} of={asked.of} />
        </details>
        {asked.rest ? (
          <p className={styles.trouble} role="alert">
            {asked.rest}
          </p>
        ) : null}
        <div className={styles.end}>
          <Button type="submit" loading={asked.busy !== ""} disabled={ways.length === 0}>
            {its.connect}
          </Button>
          <span role="status">{asked.busy ? its.asking(asked.busy) : its.onlyRead}</span>
        </div>
      </form>
    </div>
  );
}

interface ServerProps {
  form: Form;
  way: Way; // what is tried when nothing is written
  edit: (change: Partial<Form>) => void;
  of: (field: string) => string | null;
}

// Server is what one may have to say of the server itself.
function Server({ form, way, edit, of }: ServerProps) {
  const its = useSaid(said);
  const protections = Object.entries(its.protections).map(([value, label]) => ({ value, label }));
  // Whoever writes one of them takes the guess for the others with it.
  const over = (change: Partial<Form>) =>
    edit(
      form.server ? change : { server: way.server, tls: way.tls, smtp: way.smtp, smtp_tls: way.smtp_tls, ...change },
    );
  const shown = form.server ? form : { ...form, ...way };
  return (
    <div className={styles.fields}>
      <TextInput
        label={its.server}
        placeholder="imap.company.example:993"
        value={shown.server}
        error={of("server")}
        onChange={(event) => over({ server: event.currentTarget.value })}
      />
      <NativeSelect
        label={its.protection}
        data={protections}
        value={shown.tls}
        onChange={(event) => over({ tls: event.currentTarget.value as Way["tls"] })}
      />
      <TextInput
        label={its.login}
        autoComplete="off"
        placeholder={form.address}
        value={form.login}
        error={of("login")}
        onChange={(event) => edit({ login: event.currentTarget.value })}
      />
      <TextInput
        label={its.since}
        inputWrapperOrder={[...below]}
        description={its.sinceText}
        type="date"
        value={form.since}
        error={of("since")}
        onChange={(event) => edit({ since: event.currentTarget.value })}
      />
      <TextInput
        label={its.smtp}
        inputWrapperOrder={[...below]}
        description={its.smtpText}
        placeholder="smtp.company.example:465"
        value={shown.smtp}
        error={of("smtp")}
        onChange={(event) => over({ smtp: event.currentTarget.value })}
      />
      <NativeSelect
        label={its.smtpProtection}
        data={protections}
        value={shown.smtp_tls}
        onChange={(event) => over({ smtp_tls: event.currentTarget.value as Way["smtp_tls"] })}
      />
    </div>
  );
}

interface Fault {
  field: string;
  text: string;
}

const fields = ["address", "password", "server", "login", "since", "smtp"];

// useAsking tries the ways one after another as long as a server cannot be
// reached, and keeps what was said of the last.
function useAsking() {
  const words = useWords();
  const its = useSaid(said);
  const send = useSend();
  const [busy, setBusy] = useState("");
  const [fault, setFault] = useState<Fault | null>(null);
  const ask = async (form: Form, ways: readonly Way[], password: string): Promise<MailboxView | null> => {
    const inVain: string[] = [];
    setFault(null);
    try {
      for (const way of ways) {
        setBusy(way.server);
        try {
          return await send<MailboxView>("/api/v1/mailboxes", {
            body: bodyOf(form, way, password),
            said: words.desk.connected,
          });
        } catch (cause) {
          const problem = cause instanceof Refused ? cause.problem : null;
          inVain.push(way.server);
          if (problem?.field === "server" && way !== ways.at(-1)) continue;
          const text = reasonFor(cause, words);
          const field = problem?.field ?? "";
          setFault({
            field,
            text: field === "server" && ways.length > 1 ? `${text} ${its.tried(inVain.join(", "))}` : text,
          });
          return null;
        }
      }
      return null;
    } finally {
      setBusy("");
    }
  };
  return {
    ask,
    busy,
    clear: () => setFault(null),
    of: (field: string) => (fault?.field === field ? fault.text : null),
    rest: fault && !fields.includes(fault.field) ? fault.text : null,
  };
}

function bodyOf(form: Form, way: Way, password: string) {
  const { address, login, since } = form;
  const { server, tls, smtp, smtp_tls } = way;
  return { address, login: login || address, password, server, tls, smtp, smtp_tls, ...(since ? { since } : {}) };
}

// Google begins the consent at Google, which comes back to this page. Quota decides
// how fast old mail comes, so one may begin with that of known people.
function Google() {
  const its = useSaid(said);
  const words = useWords();
  const [trouble, setTrouble] = useState<string | null>(null);
  const [known, setKnown] = useState(false);
  const begin = async () => {
    try {
      const body = { send: true, known_only: known };
      location.assign((await call<ConsentView>("/api/v1/mailboxes/gmail/consent", { body })).url);
    } catch (cause) {
      setTrouble(reasonFor(cause, words));
    }
  };
  return (
    <div className={styles.google}>
      <Button variant="default" onClick={() => void begin()}>
        {its.google}
      </Button>
      <span>{trouble ?? its.googleText}</span>
      <Checkbox
        label={its.knownOnly}
        description={its.knownText}
        checked={known}
        onChange={(event) => setKnown(event.currentTarget.checked)}
      />
    </div>
  );
}
