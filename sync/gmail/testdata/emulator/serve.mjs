// Serves @emulators/google on loopback for the tests: node serve.mjs PORT SEED.json
// It mends what keeps a Go client away: history ids beyond 64 bits, message ids
// that are no numbers, a missing getProfile, and a cap of requests an hour.
import http from "node:http";
import crypto from "node:crypto";
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";

const random = crypto.randomBytes;
let serial = 0n;
crypto.randomBytes = (n, ...rest) => {
  const bytes = random(n, ...rest);
  if (n === 3) bytes.readUIntBE = () => ({ toString: () => ({ padStart: () => "000000" }) });
  if (n === 12) {
    const id = (0x18c0000000000000n + ++serial * 65537n).toString(16);
    bytes.toString = () => id;
  }
  return bytes;
};
syncBuiltinESMExports();
const { createServer } = await import("@emulators/core");
const { googlePlugin, seedFromConfig, getGoogleStore } = await import("@emulators/google");

const port = Number(process.argv[2]);
const base = `http://127.0.0.1:${port}`;
const newest = (data, user) =>
  [...data.history.findBy("user_email", user).map((h) => h.gmail_id), ...data.messages.findBy("user_email", user).map((m) => m.history_id)]
    .filter(Boolean).map(BigInt).reduce((a, b) => (b > a ? b : a), 1n);
const plugin = {
  ...googlePlugin,
  register(app, store, ...rest) {
    googlePlugin.register(app, store, ...rest);
    app.get("/gmail/v1/users/:user/profile", (c) => {
      const user = c.get("authUser")?.login;
      if (!user) return c.json({ error: { code: 401, message: "Invalid Credentials", errors: [{ reason: "authError" }] } }, 401);
      const data = getGoogleStore(store);
      return c.json({ emailAddress: user, messagesTotal: data.messages.findBy("user_email", user).length, historyId: String(newest(data, user)) });
    });
  },
};
const { app, store, tokenMap } = createServer(plugin, { port, baseUrl: base, tokens: {} });
const lookup = tokenMap.get.bind(tokenMap);
tokenMap.get = (token) => lookup(token.split("#")[0]);
const seed = JSON.parse(fs.readFileSync(process.argv[3]));
seedFromConfig(store, base, seed);
const accounts = new Set(seed.users.map((u) => u.email));

let calls = 0;
const server = http.createServer(async (req, res) => {
  const chunks = [];
  for await (const chunk of req) chunks.push(chunk);
  const url = new URL(base + req.url.replace(/\/messages\/([0-9a-f]{16})(?=[/?]|$)/, "/messages/msg_$1"));
  if (url.pathname === "/token") { // a refresh token here is the address of its account
    const token = `token-${++calls}`;
    const login = new URLSearchParams(Buffer.concat(chunks).toString()).get("refresh_token");
    if (!accounts.has(login)) {
      res.writeHead(400, { "content-type": "application/json" });
      res.end(JSON.stringify({ error: "invalid_grant", error_description: "Token has been expired or revoked." }));
      return;
    }
    tokenMap.set(token, { login, id: 1, scopes: [] });
    res.writeHead(200, { "content-type": "application/json" });
    res.end(JSON.stringify({ access_token: token, token_type: "Bearer", expires_in: 3600 }));
    return;
  }
  const headers = { ...req.headers };
  if (headers.authorization) headers.authorization += `#${calls++ % 1000}`;
  const body = ["GET", "HEAD"].includes(req.method) ? undefined : Buffer.concat(chunks);
  const answer = await app.fetch(new Request(url, { method: req.method, headers, body }));
  const text = (await answer.text()).replace(/"msg_([0-9a-f]{16})"/g, '"$1"');
  const out = Object.fromEntries(answer.headers);
  delete out["content-length"];
  res.writeHead(answer.status, out);
  res.end(text);
});
server.listen(port, "127.0.0.1", () => console.log("ready"));
process.stdin.on("end", () => process.exit(0)).resume(); // ends with the test
