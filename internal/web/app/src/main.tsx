import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app";
import "./look/base.css";
import { takeToken } from "./session/token";

const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <App token={takeToken()} />
    </StrictMode>,
  );
}
