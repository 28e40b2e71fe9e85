import { Button, TextInput } from "@mantine/core";
import { useEffect, useState } from "react";
import type { MeView } from "../api/api";
import { useGet, useSend } from "../api/query";
import { useTry } from "../look/attempt";
import { Quiet } from "../look/screen";
import { Secret } from "../look/secret";
import { useSaid } from "../words/catalogue";
import { useTongue } from "../words/words";
import { Form } from "./asking";
import { said } from "./words";

interface Props {
  me: MeView;
  done?: () => void; // once it is proved
  leave?: () => void;
}

// Prove asks who is there once more, before anything dangerous.
export function Prove({ me, done, leave }: Props) {
  const mine = useSaid(said);
  const { desk } = useTongue().words;
  const send = useSend();
  const [trouble, attempt] = useTry();
  const [password, setPassword] = useState("");
  const [code, setCode] = useState("");
  const prove = async () => {
    if (await attempt(() => send("/api/v1/session/proof", { body: { password, code } }))) done?.();
  };
  return (
    <>
      <Quiet>{mine.proveText}</Quiet>
      {trouble}
      <Form submit={() => void prove()}>
        {me.ways?.password ? (
          <Secret
            label={mine.password}
            autoComplete="current-password"
            value={password}
            onChange={(e) => setPassword(e.currentTarget.value)}
          />
        ) : null}
        {me.ways?.totp ? (
          <TextInput
            label={mine.code}
            autoComplete="one-time-code"
            value={code}
            onChange={(e) => setCode(e.currentTarget.value)}
          />
        ) : null}
        <Button type="submit">{mine.confirm}</Button>
        {leave ? (
          <Button variant="default" onClick={leave}>
            {desk.cancel}
          </Button>
        ) : null}
      </Form>
    </>
  );
}

// Asked is Prove where something was refused for want of it. Whoever has nothing to
// prove themselves with can but sign in again, as the refusal says.
export default function Asked({ settle }: { settle: (how: "given" | "left" | "impossible") => void }) {
  const me = useGet<MeView>("/api/v1/me").data;
  const able = me?.ways?.password || me?.ways?.totp;
  useEffect(() => {
    if (me && !able) settle("impossible");
  }, [me, able, settle]);
  return me && able ? <Prove me={me} done={() => settle("given")} leave={() => settle("left")} /> : null;
}
