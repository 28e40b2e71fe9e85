package file

import (
	"context"
	"time"

	"threadline/internal/crm"
	"threadline/internal/store"
)

// UsualDay is how many bytes a person uploads in a day unless the host says otherwise.
const UsualDay = 2000 << 20

// filesDay is how many files, however small.
const filesDay = 5000

// Allowance bounds what each person uploads in a day, through whichever door and
// process: files, pictures in mail, what they keep of the mail of others, and tables
// to import. The operator, who has the disk, uploads what they like.
type Allowance struct {
	sp    *store.Space
	bytes int64
}

// NewAllowance makes one of so many bytes a day; 0 is UsualDay, less than that no bound.
func NewAllowance(sp *store.Space, bytes int64) *Allowance {
	if bytes == 0 {
		bytes = UsualDay
	}
	return &Allowance{sp, bytes}
}

// Take counts files and bytes before they are kept. It fails with crm.TooLarge when
// a day does not have so many bytes, and with crm.Throttled when it has no more.
func (a *Allowance) Take(ctx context.Context, who crm.UserID, files, bytes int64) error {
	const op = crm.Op("file.Allowance")
	if who == "" || a.bytes < 0 {
		return nil
	}
	if bytes > a.bytes {
		return crm.Errorf(crm.TooLarge, op, "a person uploads at most %d MB in a day", a.bytes>>20).WithField("body").
			WithHint("the operator of the server may allow more: --upload-daily")
	}
	err := a.sp.Transact(ctx, func(ctx context.Context, tx *store.Tx) error {
		docs, err := store.Uploads.GetMany(ctx, tx, []string{string(who)})
		if err != nil {
			return err
		}
		now := a.sp.Store().Now()
		u := docs[0].Value.At(now)
		u.ID = who
		if u.Files += files; u.Files > filesDay || u.Bytes+bytes > a.bytes {
			return crm.Errorf(crm.Throttled, op, "you have uploaded all that a day has").WithField("body").
				WithHint("go on later; the operator of the server may allow more: --upload-daily").WithAfter(u.Since.Add(24 * time.Hour).Sub(now))
		}
		u.Bytes += bytes
		store.Uploads.Put(tx, &u)
		return nil
	})
	return crm.Wrap(op, "what was uploaded cannot be counted", err)
}

// Fullest is who uploaded most of their day, and how many bytes a day has; -1 is no
// bound.
func (a *Allowance) Fullest(ctx context.Context) (most crm.Uploads, day int64, err error) {
	now := a.sp.Store().Now()
	err = store.Uploads.Each(ctx, a.sp, store.Query{Limit: store.MaxLimit}, func(d store.Doc[crm.Uploads]) error {
		if u := d.Value.At(now); u.Bytes > most.Bytes {
			most = u
		}
		return nil
	})
	return most, a.bytes, crm.Wrap("file.Fullest", "what was uploaded cannot be read", err)
}
