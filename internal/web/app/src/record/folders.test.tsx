import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { renderHook } from "@testing-library/react";
import { expect, test } from "vitest";
import { tongueFor } from "../words/words";
import { labelOfField, useFolders } from "./folders";

test("the title of a person is that at work, that of a task is what it is called", () => {
  const client = new QueryClient();
  const fields = [{ key: "title", type: "text" }];
  const items = ["contact", "lead", "task"].map((kind) => ({ kind, plural: `${kind}s`, fields }));
  client.setQueryData(["/api/v1/folders"], { items });
  const { result } = renderHook(useFolders, {
    wrapper: ({ children }) => <QueryClientProvider client={client}>{children}</QueryClientProvider>,
  });
  const said = (language: string) =>
    result.current.map(({ fields }) => fields?.map((field) => labelOfField(field, tongueFor([language]))).join());
  expect(said("fr")).toEqual(["Fonction", "Fonction", "Titre"]);
  expect(said("pl")).toEqual(["Stanowisko", "Stanowisko", "Tytuł"]);
});
