package crm

import "time"

// Clock is the zone that a person lives by: their days begin in it. Without one
// it is the workspace's.
type Clock struct {
	User UserID `cbor:"user" json:"user"`
	Zone string `cbor:"zone" json:"zone" doc:"IANA, such as Europe/Warsaw"`
}

// ClockSetting is the setting that holds a person's clock.
func ClockSetting(c Clock) Setting { return Setting{ID: "clock_" + string(c.User), Clock: &c} }

// Check refuses a zone that does not exist.
func (c Clock) Check() error {
	if _, err := time.LoadLocation(c.Zone); err != nil || c.Zone == "" || c.Zone == "Local" {
		return Errorf(Invalid, "crm.Clock", "%q is no time zone", Clip(c.Zone, 60)).WithField("zone").WithHint("such as Europe/Warsaw")
	}
	return nil
}

// ZoneOr is the zone that a name means, UTC when it means none.
func ZoneOr(name string) *time.Location {
	zone, err := time.LoadLocation(name)
	if err != nil || name == "Local" {
		return time.UTC
	}
	return zone
}
