import { Button, NativeSelect, TextInput } from "@mantine/core";
import { useState } from "react";
import type { CrmNoticeChoices, Enrolment, ItemsSessionView, MeView, Recovery } from "../api/api";
import { useGet, useSend } from "../api/query";
import { useTry } from "../look/attempt";
import { Quiet, Section } from "../look/screen";
import { Secret } from "../look/secret";
import { agoWhen } from "../look/when";
import { useSaid } from "../words/catalogue";
import { useTongue } from "../words/words";
import { Form, Once } from "./asking";
import { Prove } from "./prove";
import styles from "./settings.module.css";
import { Signature } from "./signature";
import { said } from "./words";
import { OwnZone } from "./zone";

// Account is what a person sets for themselves: how they sign in, where they
// are signed in, and what they are told.
export function Account() {
  const mine = useSaid(said);
  const me = useGet<MeView>("/api/v1/me").data;
  if (!me?.user) return null;
  const guarded = !me.fresh && (me.ways?.password || me.ways?.totp);
  return (
    <>
      {guarded ? (
        <Section title={mine.prove}>
          <Prove me={me} />
        </Section>
      ) : null}
      <Password />
      <Factor me={me} />
      <Sessions />
      <Signature me={me} />
      <OwnZone me={me} />
      <Notices />
    </>
  );
}

function Password() {
  const { desk } = useTongue().words;
  const mine = useSaid(said);
  const send = useSend();
  const [trouble, attempt] = useTry();
  const [password, setPassword] = useState("");
  const set = async () => {
    const body = { password };
    if (await attempt(() => send("/api/v1/me/password", { method: "PUT", body, said: desk.saved }))) setPassword("");
  };
  return (
    <Section title={mine.password}>
      <Quiet>{mine.passwordText}</Quiet>
      {trouble}
      <Form submit={() => void set()}>
        <Secret
          label={mine.newPassword}
          required
          autoComplete="new-password"
          value={password}
          onChange={(e) => setPassword(e.currentTarget.value)}
        />
        <Button type="submit">{mine.setPassword}</Button>
      </Form>
    </Section>
  );
}

function Factor({ me }: { me: MeView }) {
  const { desk } = useTongue().words;
  const mine = useSaid(said);
  const send = useSend();
  const [trouble, attempt] = useTry();
  const [begun, setBegun] = useState<Enrolment | null>(null);
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  const [code, setCode] = useState("");
  const begin = () => attempt(async () => setBegun(await send<Enrolment>("/api/v1/me/totp", {})));
  const confirm = () =>
    attempt(async () => {
      setCodes((await send<Recovery>("/api/v1/me/totp/confirm", { body: { code } })).recovery_codes);
      setBegun(null);
    });
  const drop = () => attempt(() => send("/api/v1/me/totp", { method: "DELETE", said: desk.saved }));
  const on = me.ways?.totp === true;
  return (
    <Section title={mine.factor}>
      <Quiet>{on ? mine.factorOn(me.ways?.recovery ?? 0) : mine.factorOff}</Quiet>
      {codes ? <Once title={mine.recovery} text={codes.join("  ")} /> : null}
      {trouble}
      {begun ? (
        <div className={styles.pad}>
          <p>{mine.scan}</p>
          {begun.qr ? <img className={styles.qr} src={begun.qr} alt={begun.url} /> : null}
          <code className={styles.secret}>{begun.secret}</code>
          <Form submit={() => void confirm()}>
            <TextInput
              label={mine.code}
              required
              autoComplete="one-time-code"
              value={code}
              onChange={(e) => setCode(e.currentTarget.value)}
            />
            <Button type="submit">{mine.confirm}</Button>
          </Form>
        </div>
      ) : (
        <div className={styles.pad}>
          <Button variant="default" onClick={() => void (on ? drop() : begin())}>
            {on ? mine.remove : mine.setUp}
          </Button>
        </div>
      )}
    </Section>
  );
}

function Sessions() {
  const { tag } = useTongue();
  const { desk } = useTongue().words;
  const mine = useSaid(said);
  const send = useSend();
  const [trouble, attempt] = useTry();
  const list = useGet<ItemsSessionView>("/api/v1/sessions").data?.items ?? [];
  return (
    <Section title={mine.sessions} count={list.length}>
      <ul className={styles.list}>
        {list.map((one) => (
          <li key={one.id}>
            <span>
              <strong>{browserOf(one.agent ?? "")}</strong> <span className={styles.faint}>{one.address}</span>
            </span>
            <span className={styles.faint}>
              {one.current ? mine.thisOne : mine.seen(agoWhen(one.seen ?? one.created ?? null, tag, new Date()))}
            </span>
            {one.current ? null : (
              <Button
                size="xs"
                variant="default"
                onClick={() =>
                  void attempt(() => send(`/api/v1/sessions/${one.id}`, { method: "DELETE", said: desk.removed }))
                }
              >
                {mine.end}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {trouble}
      {list.length > 1 ? (
        <div className={styles.pad}>
          <Button
            variant="default"
            onClick={() => void attempt(() => send("/api/v1/sessions/end", { said: desk.removed }))}
          >
            {mine.endAll}
          </Button>
        </div>
      ) : null}
    </Section>
  );
}

// browserOf reads the name of a browser and its system out of what it calls
// itself; what is not known stays as it is.
export function browserOf(agent: string): string {
  const browser = /(Firefox|Edg|OPR|Chrome|Safari)\//.exec(agent)?.[1] ?? "";
  const system = /(Windows|Android|iPhone|iPad|Mac OS X|Linux)/.exec(agent)?.[1] ?? "";
  const name = { Edg: "Edge", OPR: "Opera" }[browser] ?? browser;
  return [name, system.replace(" X", "")].filter(Boolean).join(", ") || agent.slice(0, 60) || "–";
}

const kinds = ["reminder", "due", "assigned", "mention", "reply", "asked", "granted", "refused"];

// Notices are what a person is told, and how; each choice is kept at once.
function Notices() {
  const { desk } = useTongue().words;
  const mine = useSaid(said);
  const send = useSend();
  const [trouble, attempt] = useTry();
  const chosen = useGet<CrmNoticeChoices>("/api/v1/notifications/choices").data;
  if (!chosen) return null;
  const muted = chosen.muted ?? [];
  const wayOf = (kind: string) => (muted.includes(kind) ? "muted" : (chosen.mail?.[kind] ?? "never"));
  const keep = (change: Partial<CrmNoticeChoices>) => {
    const { mail = {}, hour } = { ...chosen, ...change };
    const body = { mail, hour, muted: change.muted ?? muted };
    return attempt(() => send("/api/v1/notifications/choices", { method: "PUT", body, said: desk.saved }));
  };
  const choose = (kind: string, way: string) => {
    const rest = muted.filter((one) => one !== kind);
    if (way === "muted") return keep({ muted: [...rest, kind] });
    return keep({ muted: rest, mail: { ...chosen.mail, [kind]: way } });
  };
  return (
    <Section title={mine.told}>
      {trouble}
      <ul className={styles.list}>
        {kinds.map((kind) => (
          <li key={kind}>
            <span>{mine.notices[kind]}</span>
            <NativeSelect
              size="xs"
              aria-label={mine.notices[kind]}
              value={wayOf(kind)}
              data={Object.entries(mine.ways).map(([value, label]) => ({ value, label }))}
              onChange={(e) => void choose(kind, e.currentTarget.value)}
            />
          </li>
        ))}
      </ul>
      <div className={styles.pad}>
        <NativeSelect
          label={mine.hour}
          value={chosen.hour}
          data={Array.from({ length: 24 }, (_, hour) => ({ value: String(hour), label: `${hour}:00` }))}
          onChange={(e) => void keep({ hour: Number(e.currentTarget.value) })}
        />
      </div>
    </Section>
  );
}
