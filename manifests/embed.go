// Package manifests holds the deployment manifests: data that the binary and
// the cloud services read from the same files.
package manifests

import _ "embed"

// Indexes is firestore.indexes.json: every declared index, for both engines.
//
//go:embed firestore.indexes.json
var Indexes []byte
