import { useCallback, useMemo } from "react";
import table from "../../../../i18n/built.json";
import type { CrmPipeline, ItemsPipeline } from "../api/api";
import { useGet } from "../api/query";
import type { Catalogue } from "../words/catalogue";
import { useSaid } from "../words/catalogue";

type Named = Readonly<Record<string, string>>;

type Language = "en" | "fr" | "it" | "pl";

// named are the names of what new workspaces begin with, in a language, by the name
// under which the server keeps it. The server's cards are told from the same table.
const named = (language: Exclude<Language, "en">): Named =>
  Object.fromEntries(Object.entries(table).map(([name, said]) => [name, said[language]]));

const built: Catalogue<Named> = { en: {}, fr: named("fr"), it: named("it"), pl: named("pl") };

const keys: Named = Object.fromEntries(Object.entries(table).map(([name, { key }]) => [name, key]));

// told is a pipeline in the reader's language: one that somebody renamed is told as
// they did, another one of the same name was made by somebody.
export function told(pipeline: CrmPipeline, names: Named): CrmPipeline {
  const say = <T extends { key: string; name: string }>(one: T): T =>
    keys[one.name] === one.key ? { ...one, name: names[one.name] ?? one.name } : one;
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
