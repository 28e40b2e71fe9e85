package firestore

import "sync/atomic"

// Use is what Firestore bills: documents read (a missing one and an empty query
// count as one), written and deleted.
type Use struct{ Reads, Writes, Deletes int64 }

// Sub returns what was used since an earlier look.
func (u Use) Sub(before Use) Use {
	return Use{u.Reads - before.Reads, u.Writes - before.Writes, u.Deletes - before.Deletes}
}

type meter struct{ reads, writes, deletes atomic.Int64 }

// Use returns what this process has used so far.
func (d *Driver) Use() Use {
	return Use{Reads: d.meter.reads.Load(), Writes: d.meter.writes.Load(), Deletes: d.meter.deletes.Load()}
}

func (m *meter) query(docs int) { m.reads.Add(int64(max(docs, 1))) }
