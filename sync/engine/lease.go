package engine

import "time"

// Leases last Config.Lease, usually leaseLength, and are renewed after a third
// of it. The owner stops writing a sixth before the end, by its own clock; the
// fence in every transaction is what protects the data (package lease).
const leaseLength = 30 * time.Second

// roundTime is how often the engine looks for mailboxes to take over.
const roundTime = 5 * time.Second
