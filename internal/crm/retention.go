package crm

import "slices"

// Retained is something that is kept for so many days and then goes for good.
type Retained string

const (
	RetainBodies     Retained = "mail_bodies" // the text of mail; who wrote to whom and when stays
	RetainActivities Retained = "activities"  // notes, calls and tasks that are done
	RetainTracking   Retained = "tracking"    // opens and clicks, one by one; their counts stay
)

// Retentions lists them.
func Retentions() []Retained { return []Retained{RetainBodies, RetainActivities, RetainTracking} }

// Retention says for how many days things are kept. What is not named is kept.
type Retention struct {
	Days map[Retained]int `cbor:"days" json:"days" doc:"By kind: mail_bodies, activities, tracking"`
}

// RetentionSetting is the setting that holds the retention of the workspace.
func RetentionSetting(r Retention) Setting { return Setting{ID: "retention", Retention: &r} }

// minRetention keeps a slip of the pen from emptying a workspace.
const minRetention, maxRetention = 30, 36500

// Check refuses a retention that cannot be meant.
func (r Retention) Check() error {
	const op = Op("crm.Retention")
	for kind, days := range r.Days {
		switch {
		case !slices.Contains(Retentions(), kind):
			return Errorf(Invalid, op, "nothing is called %q", Clip(string(kind), 40)).WithField("days").WithHint("mail_bodies, activities or tracking")
		case days < minRetention || days > maxRetention:
			return Errorf(Invalid, op, "%d days cannot be meant", days).WithField("days." + string(kind)).WithHint("from 30 days to 100 years; leave it out to keep everything")
		}
	}
	return nil
}
