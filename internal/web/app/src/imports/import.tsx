import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import type { IntakeImport } from "../api/api";
import { call } from "../api/client";
import { Screen } from "../look/screen";
import { Trouble } from "../look/trouble";
import { useTongue } from "../words/words";
import { Applied, Running } from "./applied";
import { Mapping } from "./mapping";
import { Plan } from "./plan";

// Import is one import: how its file is read, what becomes of its rows, how far
// it has come, and what came of it. It follows work that runs.
export function Import() {
  const { id = "" } = useParams({ strict: false }) as { id?: string };
  const { words } = useTongue();
  const { data, error, refetch } = useImport(id);
  return (
    <Screen title={data?.title || words.desk.imports}>
      {error ? <Trouble cause={error} onRetry={() => void refetch()} /> : null}
      {data ? <Stage of={data} /> : null}
    </Screen>
  );
}

const often = 700;

function useImport(id: string) {
  const path = `/api/v1/imports/${id}`;
  return useQuery({
    queryKey: [path],
    queryFn: ({ signal }) => call<IntakeImport>(path, { signal }),
    refetchInterval: ({ state }) => (state.data && moves(state.data) ? often : false),
  });
}

// moves tells whether the import goes on by itself.
const moves = ({ state, stage }: IntakeImport) =>
  state === "running" || (state === "waiting" && (stage === "plan" || stage === "apply"));

function Stage({ of }: { of: IntakeImport }) {
  if (of.stage === "applied") return <Applied of={of} />;
  if (of.stage === "apply" || moves(of)) return <Running of={of} />;
  if (of.state === "failed" || of.state === "cancelled") {
    return (
      <>
        <Running of={of} />
        <Mapping key={of.at} of={of} />
      </>
    );
  }
  return (
    <>
      <Mapping key={`${of.stage}${of.at}`} of={of} />
      {of.stage === "planned" ? <Plan of={of} /> : null}
    </>
  );
}
