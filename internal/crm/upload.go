package crm

import "time"

// Uploads is what somebody uploaded in the day that began at Since.
type Uploads struct {
	ID    UserID `cbor:"-" json:"id"`
	Since Time   `cbor:"since" json:"since"`
	Files int64  `cbor:"files" json:"files"`
	Bytes int64  `cbor:"bytes" json:"bytes"`
}

// At is what counts at a time: nothing once the day is over.
func (u Uploads) At(now Time) Uploads {
	if now.Sub(u.Since) >= 24*time.Hour {
		return Uploads{ID: u.ID, Since: now}
	}
	return u
}
