package records

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/store"
)

// Who writes a value that nobody else may have learns whether a record of which
// they may not know has it: that must be refused. So that nobody asks for one value
// after another, such answers are counted for each person: so many at once, and one
// more in which time. Rows of files and of bulk edits have an allowance of their own.
const (
	askedOnce, askedEvery = 30, 20 * time.Second
	rowsOnce, rowsEvery   = 1000, 4 * time.Second
	maxAskers             = 10_000
)

// unseen is the cause of a refusal that tells of a record of which the writer may
// not know.
type unseen struct{}

func (unseen) Error() string { return "of a record that the writer does not see" }

// telling marks a refusal as one.
func telling(e *crm.Error) *crm.Error {
	e.Err = unseen{}
	return e
}

func tells(err error) bool { return errors.Is(err, unseen{}) }

// askers is what each person has been told. It is kept by the process alone and
// bounded: when it is full it begins anew.
type askers struct {
	mu sync.Mutex
	of map[asker]*rate.Limiter
}

type asker struct {
	user crm.UserID
	rows bool
}

func (a *askers) limit(who asker) *rate.Limiter {
	l := a.of[who]
	if l != nil {
		return l
	}
	if a.of == nil || len(a.of) >= maxAskers {
		a.of = map[asker]*rate.Limiter{}
	}
	if l = rate.NewLimiter(rate.Every(askedEvery), askedOnce); who.rows {
		l = rate.NewLimiter(rate.Every(rowsEvery), rowsOnce)
	}
	a.of[who] = l
	return l
}

// count notes answers, and tells whether there were too many.
func (a *askers) count(who asker, now time.Time, n int) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	l := a.limit(who)
	if l.AllowN(now, n) {
		return true
	}
	l.AllowN(now, int(l.TokensAt(now)))
	return false
}

// wait is how long somebody has to wait for the next answer.
func (a *askers) wait(who asker, now time.Time) time.Duration {
	a.mu.Lock()
	defer a.mu.Unlock()
	if l := a.of[who]; l != nil && l.TokensAt(now) < 1 {
		return time.Duration((1 - l.TokensAt(now)) * float64(askedEvery))
	}
	return 0
}

// Held is the first of some addresses that a record has now, "" when none has. Who
// may not know of all records is told so as often as of unique values.
func (s *Service) Held(ctx context.Context, v access.Viewer, list []crm.Address) (crm.Address, error) {
	who, now := asker{user: v.User}, s.sp.Store().Now().Std()
	if wait := s.asked.wait(who, now); wait > 0 && len(list) > 0 && !wholly(v) {
		return "", tooOften("aliases", wait)
	}
	ws, err := store.Workspaces.Get(ctx, s.sp, string(s.sp.Workspace()))
	if err != nil {
		return "", crm.Wrap("records.Held", "who has an address cannot be read", err)
	}
	ids := make([]string, len(list))
	for i, a := range list {
		ids[i] = crm.IdentityID(ws.Value.IDKey, crm.AddressToken(a))
	}
	docs, err := store.Identities.GetMany(ctx, s.sp, ids)
	if err != nil {
		return "", crm.Wrap("records.Held", "who has an address cannot be read", err)
	}
	for i, d := range docs {
		if !slices.ContainsFunc(d.Value.Holders, func(h crm.Holder) bool { return h.To == 0 }) {
			continue
		}
		if !wholly(v) {
			s.asked.count(who, now, 1)
		}
		return list[i], nil
	}
	return "", nil
}

// wholly tells whether somebody reads all records of the kinds that have addresses.
func wholly(v access.Viewer) bool {
	return whole(v, crm.KindContact) && whole(v, crm.KindCompany) && whole(v, crm.KindLead)
}

func tooOften(field string, wait time.Duration) error {
	return crm.Errorf(crm.Throttled, "records.mayAsk", "too many values were tried that others have").WithField(field).
		WithHint("wait a little, then try again").WithAfter(wait.Round(time.Second) + time.Second)
}

// mayAsk fails with crm.Throttled while somebody was told too often, before a write
// from which they would learn more. Whatever else they write goes on.
func (s *Service) mayAsk(ctx context.Context, v access.Viewer, by By, n crm.Noun, values map[string]any) error {
	wait := s.asked.wait(asker{user: by.Actor}, s.sp.Store().Now().Std())
	if wait == 0 || whole(v, n.Kind) {
		return nil
	}
	rules, err := duplicateRules(ctx, s.sp, n)
	if err != nil {
		return err
	}
	asks := map[string]bool{}
	for _, f := range n.Fields {
		asks[f.Key] = f.Unique
	}
	for _, r := range rules.Rules {
		asks[r.Field] = asks[r.Field] || r.Effect == crm.DuplicateForbids
	}
	for key := range values {
		if asks[key] {
			return tooOften(key, wait)
		}
	}
	return nil
}

// answered counts a refusal that tells of a record that the writer does not see.
func (s *Service) answered(by By, err error) error {
	if tells(err) {
		s.asked.count(asker{user: by.Actor}, s.sp.Store().Now().Std(), 1)
	}
	return err
}

// answeredRows counts those of rows, and fails with crm.Denied when a file, or many
// of them, ask for too much.
func (s *Service) answeredRows(by By, out []Outcome) error {
	n := 0
	for i := range out {
		if out[i].Err != nil && tells(out[i].Err) {
			n++
		}
	}
	if n == 0 || s.asked.count(asker{by.Actor, true}, s.sp.Store().Now().Std(), n) {
		return nil
	}
	return crm.Errorf(crm.Denied, "records.Bring", "too many rows have values that records have which you may not see").
		WithHint("let somebody do it who sees them")
}
