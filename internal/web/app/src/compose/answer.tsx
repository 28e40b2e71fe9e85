import { Button } from "@mantine/core";
import { lazy, Suspense, useEffect, useState } from "react";
import type { ItemsOutgoing } from "../api/api";
import { useGet } from "../api/query";
import type { Message } from "../api/types";
import { Sign } from "../look/sign";
import { isTyping } from "../shell/undo";
import { useSaid } from "../words/catalogue";
import styles from "./answer.module.css";
import { said } from "./bar_words";
import { draftsPath } from "./places";

const Reply = lazy(() => import("./reply"));
const Forward = lazy(() => import("./forward"));

type How = "one" | "all" | "forward";

export interface Answer {
  how: "" | How; // empty: it is not being answered
  round: number;
  begun: string; // the draft that answers it already
  passed: string; // the draft that passes it on already
  known: boolean; // whether there is one
  start: (how: How) => void;
  close: () => void;
}

// useAnswer is the answer to a mail: r begins one, a one to everybody, f passes it on.
export function useAnswer(message: Message): Answer {
  const [{ how, round }, set] = useState<Pick<Answer, "how" | "round">>({ how: "", round: 0 });
  const may = message.level === "full";
  const drafts = useGet<ItemsOutgoing>(may ? draftsPath : "");
  const begun = drafts.data?.items?.find(({ reply }) => reply === message.id)?.id ?? "";
  const passed = drafts.data?.items?.find(({ forward }) => forward === message.id)?.id ?? "";
  useEffect(() => {
    if (!may) return;
    const press = (event: KeyboardEvent) => {
      if (event.metaKey || event.ctrlKey || event.altKey || isTyping(event.target)) return;
      const wanted = ({ r: "one", a: "all", f: "forward" } as Record<string, How>)[event.key];
      if (!wanted || document.querySelector("dialog[open], [role=dialog]")) return;
      event.preventDefault();
      set((now) => (now.how ? now : { how: wanted, round: now.round + 1 }));
    };
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, [may]);
  const start = (wanted: How) => set({ how: wanted, round: round + 1 });
  const close = () => set({ how: "", round });
  return { how, round, begun, passed, known: !drafts.isPending, start, close };
}

// AnswerTools begin an answer.
export function AnswerTools({ answer }: { answer: Answer }) {
  const its = useSaid(said);
  return (
    <span className={styles.tools}>
      <Button
        variant="default"
        size="compact-sm"
        leftSection={<Sign name="reply" />}
        title={`${its.reply} (r)`}
        aria-keyshortcuts="r"
        onClick={() => answer.start("one")}
      >
        {answer.begun ? its.begun : its.reply}
      </Button>
      <Button
        variant="default"
        size="compact-sm"
        title={`${its.replyAll} (a)`}
        aria-label={its.replyAll}
        aria-keyshortcuts="a"
        onClick={() => answer.start("all")}
      >
        <Sign name="replyAll" />
      </Button>
      <Button
        variant="default"
        size="compact-sm"
        title={`${answer.passed ? its.forwardBegun : its.forward} (f)`}
        aria-label={answer.passed ? its.forwardBegun : its.forward}
        aria-keyshortcuts="f"
        onClick={() => answer.start("forward")}
      >
        <Sign name="forward" />
      </Button>
    </span>
  );
}

// Answering is the answer that is being written.
export function Answering({ message, answer }: { message: Message; answer: Answer }) {
  const { how, round, begun, passed, known, close } = answer;
  if (!how || !known) return null;
  return (
    <Suspense>
      {how === "forward" ? (
        <Forward key={round} message={message} begun={passed} close={close} />
      ) : (
        <Reply key={round} message={message} all={how === "all"} begun={begun} close={close} />
      )}
    </Suspense>
  );
}
