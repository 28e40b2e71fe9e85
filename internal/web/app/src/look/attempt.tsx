import { lazy, Suspense, useState } from "react";
import { Refused } from "../api/client";
import { useWords } from "../words/words";
import styles from "./look.module.css";
import { reasonFor } from "./trouble";

const Asked = lazy(() => import("../settings/prove"));

type Act = () => Promise<unknown>;
type Proof = "given" | "left" | "impossible";

// useTry runs what may be refused and keeps what was said of it. What is refused
// until somebody proves who they are asks for that, and is done once they did.
export function useTry(): [trouble: React.ReactNode, attempt: (act: Act) => Promise<boolean>] {
  const words = useWords();
  const [said, setSaid] = useState<string | null>(null);
  const [proof, setProof] = useState<{ settle: (how: Proof) => void } | null>(null);
  const attempt = async (act: Act): Promise<boolean> => {
    try {
      await act();
      setSaid(null);
      return true;
    } catch (cause) {
      setSaid(reasonFor(cause, words));
      if (!(cause instanceof Refused) || cause.problem.field !== "proof") return false;
    }
    const proof = await new Promise<Proof>((settle) => setProof({ settle }));
    setProof(null);
    if (proof === "left") setSaid(null);
    return proof === "given" && attempt(act);
  };
  const trouble = said ? (
    <div className={styles.refusal}>
      <p role="alert">{said}</p>
      {proof ? (
        <Suspense fallback={null}>
          <Asked settle={proof.settle} />
        </Suspense>
      ) : null}
    </div>
  ) : null;
  return [trouble, attempt];
}
