import { useCallback, useMemo } from "react";
import type { CrmPipeline, ItemsPipeline } from "../api/api";
import { useGet } from "../api/query";
import type { Catalogue } from "../words/catalogue";
import { useSaid } from "../words/catalogue";

type Named = Readonly<Record<string, string>>;

// What new workspaces begin with, by the name under which the server keeps it: one
// that somebody renamed is told as they did.
const built: Catalogue<Named> = {
  en: {},
  fr: {
    Sales: "Ventes",
    Support: "Assistance",
    Qualified: "Qualifiée",
    Proposal: "Proposition",
    Negotiation: "Négociation",
    Won: "Gagnée",
    Lost: "Perdue",
    New: "Nouveau",
    Open: "En cours",
    "Waiting for the customer": "En attente du client",
    Resolved: "Résolu",
    Rejected: "Rejeté",
    Done: "Terminé",
    Dropped: "Abandonné",
  },
  it: {
    Sales: "Vendite",
    Support: "Assistenza",
    Qualified: "Qualificata",
    Proposal: "Proposta",
    Negotiation: "Negoziazione",
    Won: "Vinta",
    Lost: "Persa",
    New: "Nuovo",
    Open: "In corso",
    "Waiting for the customer": "In attesa del cliente",
    Resolved: "Risolto",
    Rejected: "Respinto",
    Done: "Concluso",
    Dropped: "Abbandonato",
  },
  pl: {
    Sales: "Sprzedaż",
    Support: "Wsparcie",
    Qualified: "Zakwalifikowana",
    Proposal: "Oferta",
    Negotiation: "Negocjacje",
    Won: "Wygrana",
    Lost: "Przegrana",
    New: "Nowe",
    Open: "W toku",
    "Waiting for the customer": "Czeka na klienta",
    Resolved: "Rozwiązane",
    Rejected: "Odrzucone",
    Done: "Zakończone",
    Dropped: "Porzucone",
  },
};

// builtKeys are the stages and pipelines whose names the catalogue has: another one
// of the same name was made by somebody.
const builtKeys = new Set(
  "sales support qualified proposal negotiation won lost new open waiting resolved rejected done dropped".split(" "),
);

// told is a pipeline in the reader's language.
export function told(pipeline: CrmPipeline, names: Named): CrmPipeline {
  const say = <T extends { key: string; name: string }>(one: T): T =>
    builtKeys.has(one.key) ? { ...one, name: names[one.name] ?? one.name } : one;
  return { ...say(pipeline), stages: pipeline.stages?.map(say) ?? null };
}

// useAllPipelines are those of the workspace as people read them; undefined until
// they are known.
export function useAllPipelines(wanted = true): readonly CrmPipeline[] | undefined {
  const names = useSaid(built);
  const { data } = useGet<ItemsPipeline>(wanted ? "/api/v1/pipelines" : "");
  return useMemo(() => data?.items?.map((one) => told(one, names)), [data, names]);
}

// useStageName names a stage by its key, of a pipeline where that is known.
export function useStageName(): (key: string, pipeline?: string) => string {
  const all = useAllPipelines();
  return useCallback(
    (key: string, pipeline = "") => {
      const own = all?.find((one) => one.key === pipeline) ?? all?.find(({ stages }) => stages?.some(is(key)));
      return own?.stages?.find(is(key))?.name ?? key;
    },
    [all],
  );
}

const is = (key: string) => (stage: { key: string }) => stage.key === key;

// useToldStage says the name of a stage that the server tells by name alone.
export function useToldStage(): (name: string) => string {
  const names = useSaid(built);
  return (name) => names[name] ?? name;
}
