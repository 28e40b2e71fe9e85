package job

import (
	"fmt"

	"threadline/internal/crm"
	"threadline/internal/store"
)

// lookParts bounds how many parts one page reads.
const lookParts = 200

// Lines returns a page of the lines of a plan that lies in parts, from a cursor
// on; limit 0 is the usual one. read returns the lines of part n, and false
// behind the last one. A page may be short, also when more follow: only without
// a next cursor is it the last. It fails with crm.Invalid for a made-up cursor.
func Lines[L any](limit int, cursor string, read func(n int) ([]L, bool, error), keep func(*L) bool) (lines []L, next string, err error) {
	part, skip := 0, 0
	if cursor != "" {
		if _, err := fmt.Sscanf(cursor, "%d.%d", &part, &skip); err != nil || part < 0 || skip < 0 {
			return nil, "", crm.Errorf(crm.Invalid, "job.Lines", "the cursor cannot be read").WithField("cursor")
		}
	}
	if limit == 0 {
		limit = store.DefaultLimit
	}
	for n := part; n < part+lookParts; n++ {
		all, ok, err := read(n)
		if err != nil || !ok {
			return lines, "", err
		}
		for i := min(skip, len(all)); i < len(all); i++ {
			if len(lines) == limit {
				return lines, fmt.Sprintf("%d.%d", n, i), nil
			}
			if keep(&all[i]) {
				lines = append(lines, all[i])
			}
		}
		skip = 0
	}
	return lines, fmt.Sprintf("%d.0", part+lookParts), nil
}
