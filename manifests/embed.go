// Package manifests holds the deployment manifests: data that the binary and
// the cloud services read from the same files.
package manifests

import _ "embed"

// Indexes is firestore.indexes.json: every declared index, for both engines.
//
//go:embed firestore.indexes.json
var Indexes []byte

// Addon is addon.deployment.json: the sidebar as a Google Workspace add-on over
// HTTP, at the address https://threadline.example.
//
//go:embed addon.deployment.json
var Addon []byte

// AddonBase stands in Addon for the public address.
const AddonBase = "https://threadline.example"
