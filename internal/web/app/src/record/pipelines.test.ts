import { expect, test } from "vitest";
import type { CrmPipeline } from "../api/api";
import { told } from "./pipelines";

test("a stage that came with the program is told in the reader's language, until somebody renames it", () => {
  const stage = (key: string, name: string) => ({ key, name, kind: "open" as const, probability: 0 });
  const stages = [stage("proposal", "Proposal"), stage("won", "Signed"), stage("s1", "Won")];
  const pipeline = { key: "sales", name: "Sales", stages } as CrmPipeline;
  const after = told(pipeline, { Sales: "Ventes", Proposal: "Proposition", Won: "Gagnée" });
  expect([after.name, ...(after.stages ?? []).map(({ name }) => name)]).toEqual([
    "Ventes",
    "Proposition",
    "Signed",
    "Won",
  ]);
});
