package i18n

import (
	_ "embed"
	"encoding/json"
	"sync"
)

//go:embed built.json
var builtJSON []byte

// built are the names of what new workspaces begin with, by the English name under
// which the store has them. The web app reads the same file.
var built = sync.OnceValue(func() map[string]map[string]string {
	var out map[string]map[string]string
	if err := json.Unmarshal(builtJSON, &out); err != nil {
		panic("i18n: built.json: " + err.Error()) // a test reads it
	}
	return out
})

// Built says the name of a stage or pipeline. One that came with the program and
// that nobody renamed is told in the language; any other as its workspace calls it.
func (l Lang) Built(key, name string) string {
	if b := built()[name]; b != nil && b["key"] == key && b[string(l.known())] != "" {
		return b[string(l.known())]
	}
	return name
}
