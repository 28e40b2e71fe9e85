import { createTheme, MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { useState } from "react";
import { newClient } from "./api/query";
import { TokenContext } from "./session/sign_in_page";
import { newRouter } from "./shell/router";
import { TongueContext, tongueFor } from "./words/words";

const theme = createTheme({ fontFamily: "var(--font)", defaultRadius: "md", cursorType: "pointer" });

// App is the whole page. The policy of the server allows no style in the page,
// so that Mantine's variables come from its style sheet instead.
export function App({ token }: { token: string | null }) {
  const [client] = useState(newClient);
  const [router] = useState(newRouter);
  return (
    <MantineProvider theme={theme} defaultColorScheme="auto" withCssVariables={false} withGlobalClasses={false}>
      <QueryClientProvider client={client}>
        <TongueContext value={tongueFor(navigator.languages)}>
          <TokenContext value={token}>
            <RouterProvider router={router} />
          </TokenContext>
        </TongueContext>
      </QueryClientProvider>
    </MantineProvider>
  );
}
