package records

import (
	"context"
	"sync"
	"time"

	"threadline/internal/access"
	"threadline/internal/crm"
)

// policyLife is how long a policy is used before the settings are read again.
// What this process changes holds at once; what another one changed, after this
// time at the latest.
const policyLife = time.Second

// policies keeps the policy that was read last.
type policies struct {
	mu   sync.Mutex
	last *access.Policy
	age  uint64 // of the settings that it was read from
	read crm.Time
}

// Viewer makes the viewer of a user, for one request: with the role, the teams
// and the territories that they have now.
func (s *Service) Viewer(ctx context.Context, user crm.UserID) (access.Viewer, error) {
	p, err := s.Policy(ctx)
	if err != nil {
		return access.Viewer{}, err
	}
	return p.Member(user), nil
}

// Policy is who may what in the workspace.
func (s *Service) Policy(ctx context.Context) (*access.Policy, error) {
	age, now := s.sp.SettingsAge(), s.sp.Store().Now()
	s.policy.mu.Lock()
	last, fresh := s.policy.last, s.policy.last != nil && s.policy.age == age && now.Sub(s.policy.read) < policyLife && now >= s.policy.read
	s.policy.mu.Unlock()
	if fresh {
		return last, nil
	}
	sch, err := s.schema(ctx)
	if err != nil {
		return nil, err
	}
	last = access.NewPolicy(sch)
	s.policy.mu.Lock()
	defer s.policy.mu.Unlock()
	s.policy.last, s.policy.age, s.policy.read = last, age, now
	return last, nil
}
