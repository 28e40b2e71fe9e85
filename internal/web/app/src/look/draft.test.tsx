import { act, cleanup, renderHook } from "@testing-library/react";
import type { ReactNode } from "react";
import { afterEach, expect, test } from "vitest";
import { DraftsContext, draftsOf, dropAll, useDraft } from "./draft";

afterEach(() => {
  cleanup();
  localStorage.clear();
});

const inside = (scope: string) => {
  const drafts = draftsOf(scope);
  const wrapper = ({ children }: { children: ReactNode }) => <DraftsContext value={drafts}>{children}</DraftsContext>;
  return renderHook(() => useDraft("note", ""), { wrapper });
};

test("each workspace of each person has its own words, until they sign out", () => {
  const here = inside("anna:north");
  act(() => here.result.current[1]("half a sentence"));
  here.unmount();
  for (const other of ["anna:south", "piotr:north"]) expect(inside(other).result.current[0]).toBe("");
  const back = inside("anna:north");
  expect(back.result.current[0]).toBe("half a sentence");
  expect(back.result.current[3]).toBe(true);
  expect(draftsOf("anna:north").keys("no")).toEqual(["note"]);
  dropAll();
  expect(inside("anna:north").result.current[0]).toBe("");
});
