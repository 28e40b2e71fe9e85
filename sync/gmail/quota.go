package gmail

import (
	"context"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"threadline/internal/crm"
)

// Method names a method of the API in price lists.
type Method string

// The methods that this package calls.
const (
	GetProfile    Method = "users.getProfile"
	WatchStart    Method = "users.watch"
	WatchStop     Method = "users.stop"
	HistoryList   Method = "history.list"
	MessagesList  Method = "messages.list"
	MessagesGet   Method = "messages.get"
	MessagesSend  Method = "messages.send"
	AttachmentGet Method = "attachments.get"
	LabelsGet     Method = "labels.get"
	SendAsList    Method = "sendAs.list"
	DraftsList    Method = "drafts.list"
	DraftsCreate  Method = "drafts.create"
	DraftsUpdate  Method = "drafts.update"
	DraftsDelete  Method = "drafts.delete"
	DraftsSend    Method = "drafts.send"
)

// Prices is the units that a call of each method costs. A method that is not
// listed costs as much as the dearest.
type Prices map[Method]int

// The two price lists of https://developers.google.com/workspace/gmail/api/reference/quota:
// projects that used the API from November 2025 to April 2026 keep the old one.
var (
	newPrices = Prices{GetProfile: 1, WatchStart: 100, WatchStop: 50, HistoryList: 2, MessagesList: 5, MessagesGet: 20,
		MessagesSend: 100, AttachmentGet: 20, LabelsGet: 1, SendAsList: 1,
		DraftsList: 5, DraftsCreate: 10, DraftsUpdate: 15, DraftsDelete: 10, DraftsSend: 100}
	oldPrices = Prices{GetProfile: 1, WatchStart: 100, WatchStop: 50, HistoryList: 2, MessagesList: 5, MessagesGet: 5,
		MessagesSend: 100, AttachmentGet: 5, LabelsGet: 1, SendAsList: 1,
		DraftsList: 5, DraftsCreate: 10, DraftsUpdate: 15, DraftsDelete: 10, DraftsSend: 100}
)

// Limits is how many units a project and one of its users may spend in any
// minute, and what calls cost; 0 is no limit.
type Limits struct {
	PerUser int    `json:"per_user"`
	Project int    `json:"project"`
	Prices  Prices `json:"prices"`
}

// NewLimits and OldLimits are Google's for projects that began after and before
// May 2026.
func NewLimits() Limits { return Limits{PerUser: 6000, Project: 1_200_000, Prices: newPrices} }

// OldLimits are those of older projects.
func OldLimits() Limits { return Limits{PerUser: 15_000, Project: 1_200_000, Prices: oldPrices} }

// Quota keeps all accounts of a project in this process within its limits. It is
// safe for concurrent use.
type Quota struct {
	limits  Limits
	dearest int
	project *rate.Limiter

	mu    sync.Mutex
	users map[crm.Address]*rate.Limiter
}

// NewQuota makes a full quota; the limits of a process are its share where
// several of them work for one project.
func NewQuota(l Limits) *Quota {
	if l.Prices == nil {
		l.Prices = newPrices
	}
	q := &Quota{limits: l, users: map[crm.Address]*rate.Limiter{}}
	for _, p := range l.Prices {
		q.dearest = max(q.dearest, p)
	}
	q.project = q.bucket(l.Project)
	return q
}

// burst is how many units may be spent at once: what is left of a minute's limit
// when it is taken off flows in evenly, so that no minute, wherever it begins,
// sees more than the limit.
const (
	burst  = 200
	margin = 50 // of 1000: requests overtake one another on their way
)

func (q *Quota) bucket(perMinute int) *rate.Limiter {
	if perMinute == 0 {
		return rate.NewLimiter(rate.Inf, 0)
	}
	b := max(min(burst, perMinute/4), q.dearest)
	usable := perMinute - perMinute*margin/1000 - b
	return rate.NewLimiter(rate.Limit(max(float64(usable), 1)/60), b)
}

// price of a call.
func (q *Quota) price(m Method) int {
	if p, ok := q.limits.Prices[m]; ok {
		return p
	}
	return q.dearest
}

// Wait pays for a call, when there is enough for it.
func (q *Quota) Wait(ctx context.Context, user crm.Address, m Method) error {
	n := q.price(m)
	for _, l := range []*rate.Limiter{q.user(user), q.project} {
		if err := l.WaitN(ctx, n); err != nil {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			return crm.E(crm.Throttled, "gmail.Quota", "Gmail's quota is used up for now.", err)
		}
	}
	return nil
}

func (q *Quota) user(a crm.Address) *rate.Limiter {
	q.mu.Lock()
	defer q.mu.Unlock()
	l := q.users[a]
	if l == nil {
		l = q.bucket(q.limits.PerUser)
		q.users[a] = l
	}
	return l
}

// TimeFor is how long so many messages of one account take at least; 0 without
// a limit.
func (q *Quota) TimeFor(messages int64) time.Duration {
	l := q.bucket(q.limits.PerUser)
	if l.Limit() == rate.Inf {
		return 0
	}
	units := max(float64(messages)*float64(q.price(MessagesGet))-float64(l.Burst()), 0)
	return time.Duration(units / float64(l.Limit()) * float64(time.Second))
}
