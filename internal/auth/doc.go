// Package auth knows who is asking: workspaces, users, one-time links, sessions
// and API keys.
//
// What it stores: workspace, user, session and apikey documents, and the
// default pipeline of a new workspace. Of a secret it stores a hash only.
//
// What it promises: a link works once and for an hour; a session or key that
// was revoked, or whose user left, is refused within CacheTTL in every process;
// every refusal is crm.Unauthorized and does not tell which part was wrong.
package auth
