// Package web serves the web app: what Vite made of internal/web/app, embedded
// in the binary.
//
// What it promises:
//   - It builds and tests without Node. Without a built app every page is an
//     honest one that says how to build it.
//   - Every answer carries the content security policy of policy.txt: scripts,
//     styles and requests of our own origin only, nothing inline.
//   - Files below /assets/ have a hash of their content in their name and may be
//     cached for ever; everything else is asked for again each time.
//   - Any path that names no file is the app, which reads the path itself. A
//     path that looks like a file and is none is not found.
//
// It stores nothing and knows no other package.
package web
