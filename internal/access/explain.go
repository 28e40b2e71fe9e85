package access

import (
	"slices"

	"threadline/internal/crm"
)

// Ways in which a record is in reach.
const (
	RecordAll       Cause = "record_all"
	RecordOwn       Cause = "record_own"
	RecordTeam      Cause = "record_team"
	RecordTerritory Cause = "record_territory"
	RecordNone      Cause = "record_none"
)

// WhyRecord says why the viewer reads a record, or why not: with Reads it always
// agrees.
func WhyRecord(v Viewer, r *crm.Record) Cause {
	switch {
	case !v.Reads(r):
		return RecordNone
	case v.Reach(crm.Read, r.Kind) == crm.ReachAll:
		return RecordAll
	case r.Holder() == v.User:
		return RecordOwn
	case slices.ContainsFunc(v.grant.territories, func(t crm.Audience) bool { return slices.Contains(r.Audience, t) }) && !v.grant.subtree[r.Holder()]:
		return RecordTerritory
	}
	return RecordTeam
}
