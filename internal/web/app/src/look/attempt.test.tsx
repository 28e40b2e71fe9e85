import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { call } from "../api/client";
import { useTry } from "./attempt";

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

// Server grants what is dangerous to whoever has proved themselves.
function server(ways: object) {
  let proved = false;
  const asked: string[] = [];
  const answer = (status: number, body: object) => new Response(JSON.stringify(body), { status });
  vi.stubGlobal("fetch", async (path: string, init?: RequestInit) => {
    asked.push(path);
    if (path === "/api/v1/me") return answer(200, { user: { id: "usr_1" }, ways, fresh: proved });
    if (path === "/api/v1/session/proof") {
      proved = String(init?.body).includes("right");
      return proved
        ? new Response(null, { status: 204 })
        : answer(403, { detail: "this is not right", field: "password" });
    }
    return proved ? answer(200, {}) : answer(403, { detail: "prove who you are first", field: "proof" });
  });
  return asked;
}

function Dangerous({ ended }: { ended: (done: boolean) => void }) {
  const [trouble, attempt] = useTry();
  const act = async () => ended(await attempt(() => call("/api/v1/danger", { method: "POST" })));
  return (
    <>
      {trouble}
      <button type="button" onClick={() => void act()}>
        Do it
      </button>
    </>
  );
}

function begin(ways: object) {
  const asked = server(ways);
  const ended = vi.fn();
  render(
    <MantineProvider>
      <QueryClientProvider client={new QueryClient()}>
        <Dangerous ended={ended} />
      </QueryClientProvider>
    </MantineProvider>,
  );
  fireEvent.click(screen.getByRole("button", { name: "Do it" }));
  return { asked, ended };
}

test("what asks for a proof is done once it is given, after a slip too", async () => {
  const { asked, ended } = begin({ password: true });
  const type = async (password: string) => {
    fireEvent.change(await screen.findByLabelText("Password"), { target: { value: password } });
    fireEvent.click(screen.getByRole("button", { name: "Confirm" }));
  };
  await type("wrong");
  await screen.findByText("this is not right");
  expect(ended).not.toHaveBeenCalled();
  await type("right");
  await waitFor(() => expect(ended).toHaveBeenCalledWith(true));
  expect(asked.filter((path) => path === "/api/v1/danger")).toHaveLength(2);
  expect(screen.queryByLabelText("Password")).toBeNull();
});

test("whoever leaves it, or has nothing to prove themselves with, is not kept waiting", async () => {
  const left = begin({ totp: true });
  fireEvent.click(await screen.findByRole("button", { name: "Cancel" }));
  await waitFor(() => expect(left.ended).toHaveBeenCalledWith(false));
  expect(screen.queryByText("prove who you are first")).toBeNull();
  cleanup();
  const bare = begin({});
  await waitFor(() => expect(bare.ended).toHaveBeenCalledWith(false));
  expect(screen.getByText("prove who you are first")).toBeTruthy();
});
