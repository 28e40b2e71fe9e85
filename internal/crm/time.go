package crm

import (
	"encoding/json"
	"time"
)

// Time is an instant in UTC, in microseconds since 1970. Zero means "not set".
type Time int64

// At converts t, cutting it to microseconds.
func At(t time.Time) Time {
	if t.IsZero() {
		return 0
	}
	return Time(t.UnixMicro())
}

// Std returns t as a time.Time in UTC; the zero Time gives the zero time.Time.
func (t Time) Std() time.Time {
	if t == 0 {
		return time.Time{}
	}
	return time.UnixMicro(int64(t)).UTC()
}

// IsZero tells whether t is not set.
func (t Time) IsZero() bool { return t == 0 }

// Add returns t+d; a time that is not set stays so.
func (t Time) Add(d time.Duration) Time {
	if t == 0 {
		return 0
	}
	return t + Time(d.Microseconds())
}

// Sub returns the duration from u to t.
func (t Time) Sub(u Time) time.Duration { return time.Duration(t-u) * time.Microsecond }

// String gives RFC 3339 with the microseconds it has, "" when not set.
func (t Time) String() string {
	if t == 0 {
		return ""
	}
	return t.Std().Format(time.RFC3339Nano)
}

// MarshalJSON writes RFC 3339, or null when not set.
func (t Time) MarshalJSON() ([]byte, error) {
	if t == 0 {
		return []byte("null"), nil
	}
	return json.Marshal(t.String())
}

// UnmarshalJSON reads what MarshalJSON writes.
func (t *Time) UnmarshalJSON(b []byte) error {
	if string(b) == "null" || string(b) == `""` {
		*t = 0
		return nil
	}
	var s string
	if err := json.Unmarshal(b, &s); err != nil {
		return Errorf(Invalid, "crm.Time", "a time is RFC 3339 text such as 2026-11-22T09:30:00Z")
	}
	v, err := ParseTime(s)
	if err != nil {
		return err
	}
	*t = v
	return nil
}

// ParseTime reads RFC 3339, or a bare date, which is midnight UTC.
func ParseTime(s string) (Time, error) {
	for _, layout := range []string{time.RFC3339Nano, time.DateOnly} {
		if v, err := time.Parse(layout, s); err == nil {
			return At(v), nil
		}
	}
	return 0, Errorf(Invalid, "crm.ParseTime", "%q is neither a date (2026-11-22) nor a time (2026-11-22T09:30:00Z)", Clip(s, 40))
}
