//go:build !faults

package store

// faulty is the driver itself: only a build with the tag faults counts calls.
func faulty(d Driver) Driver { return d }
