// Package appsscript holds the sidebar for those who install it as an Apps Script
// project instead of an HTTP deployment: a manifest, and a script that draws the
// server's cards with CardService and decides nothing. It stores nothing.
package appsscript

import "embed"

// Files is the project as Apps Script takes it, for a server at the address Base.
//
//go:embed appsscript.json *.js .claspignore
var Files embed.FS

// Base stands in Files for the public address.
const Base = "https://threadline.example"
