package addon

import (
	"strings"
	"sync"
	"time"
)

// maxZones bounds what is remembered; there are about 600 names in use.
const maxZones = 1000

// zones remembers time zones: reading one from the system's files for every
// card would cost more than drawing it.
type zones struct {
	mu   sync.Mutex
	byID map[string]*time.Location
}

// load returns the zone with the name, else a fixed one for an offset, else
// nil.
func (z *zones) load(name string, offset time.Duration) *time.Location {
	if loc := z.named(name); loc != nil {
		return loc
	}
	if offset != 0 {
		return time.FixedZone("", int(offset/time.Second))
	}
	return nil
}

func (z *zones) named(name string) *time.Location {
	if name == "" || name == "Local" || len(name) > 64 || strings.ContainsAny(name, ".\\") {
		return nil
	}
	z.mu.Lock()
	defer z.mu.Unlock()
	if loc, ok := z.byID[name]; ok {
		return loc
	}
	loc, err := time.LoadLocation(name)
	if err != nil {
		loc = nil
	}
	if z.byID == nil || len(z.byID) >= maxZones {
		z.byID = map[string]*time.Location{}
	}
	z.byID[name] = loc
	return loc
}
