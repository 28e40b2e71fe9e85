import { Button, Modal, TextInput } from "@mantine/core";
import { useRef, useState } from "react";
import type { ItemsSeatView, SeatView } from "../api/api";
import { call } from "../api/client";
import { useGet } from "../api/query";
import { useTry } from "../look/attempt";
import { useLeave } from "../look/leave";
import { Anchor } from "../look/link";
import { Sign } from "../look/sign";
import { useSaid } from "../words/catalogue";
import { useWords } from "../words/words";
import { useHere } from "./session";
import styles from "./shell.module.css";
import { said } from "./workspaces_words";

const all = "/api/v1/workspaces";

// Person is the menu under one's own name: the workspaces that one is in, the way
// into another one, and the account.
export function Person() {
  const { user } = useHere();
  const its = useSaid(said);
  const [open, setOpen] = useState(false);
  const [joining, setJoining] = useState(false);
  const [trouble, attempt] = useTry();
  const box = useRef<HTMLDivElement>(null);
  const seats = useGet<ItemsSeatView>(open ? all : "").data?.items ?? [];
  useLeave(box, open, () => setOpen(false));
  const move = (to: SeatView) =>
    to.current
      ? setOpen(false)
      : void attempt(async () => {
          await call(`${all}/${to.workspace.id}/switch`, { method: "POST" });
          location.assign("/"); // nothing of the other workspace stays in memory
        });
  const name = user.name || user.email;
  return (
    <div className={styles.person} ref={box}>
      <button
        type="button"
        className={styles.email}
        title={user.email}
        aria-label={its.menu(name)}
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        <span>{name}</span>
        <i>
          <Sign name="contact" />
        </i>
        <Sign name="chevron" />
      </button>
      {open ? (
        <div className={styles.personMenu}>
          <p id="workspaces">{its.workspaces}</p>
          <ul aria-labelledby="workspaces">
            {seats.map((seat) => (
              <li key={seat.workspace.id}>
                <button type="button" aria-current={seat.current || undefined} onClick={() => move(seat)}>
                  <span>{seat.workspace.name}</span>
                  {seat.current ? <Sign name="check" /> : null}
                </button>
              </li>
            ))}
            <li>
              <button
                type="button"
                onClick={() => {
                  setOpen(false);
                  setJoining(true);
                }}
              >
                {its.join}
              </button>
            </li>
          </ul>
          {trouble}
          <Anchor href="/settings/account">{its.settings}</Anchor>
        </div>
      ) : null}
      {joining ? <Join close={() => setJoining(false)} /> : null}
    </div>
  );
}

// Join takes an invitation as who one is, and goes there.
function Join({ close }: { close: () => void }) {
  const its = useSaid(said);
  const { signInEnter } = useWords();
  const [link, setLink] = useState("");
  const [trouble, attempt] = useTry();
  const join = () =>
    attempt(async () => {
      const token = link.trim().split("#").at(-1);
      const seat = await call<SeatView>(`${all}/join`, { body: { token } });
      await call(`${all}/${seat.workspace.id}/switch`, { method: "POST" });
      location.assign("/");
    });
  return (
    <Modal opened onClose={close} title={its.join} lockScroll={false}>
      <form
        className={styles.join}
        onSubmit={(event) => {
          event.preventDefault();
          void join();
        }}
      >
        <TextInput
          label={its.link}
          description={its.joinText}
          value={link}
          onChange={(event) => setLink(event.currentTarget.value)}
          required
          maxLength={400}
          autoComplete="off"
          data-autofocus
        />
        {trouble}
        <Button type="submit">{signInEnter}</Button>
      </form>
    </Modal>
  );
}
