import { createContext, useContext } from "react";
import { SignIn } from "./sign_in";

// The one-time token of the address that this page was opened with.
export const TokenContext = createContext<string | null>(null);

export function SignInPage() {
  return <SignIn token={useContext(TokenContext)} />;
}
