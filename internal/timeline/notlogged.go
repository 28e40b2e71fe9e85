package timeline

import (
	"context"
	"slices"

	"threadline/internal/crm"
	"threadline/internal/match"
	"threadline/internal/store"
)

// notLogged finds out why messages without links have none. What it reads, it
// reads once, when the first message needs it.
type notLogged struct {
	sp       store.Reader
	loaded   bool
	excluded *match.Exclusions
	never    map[crm.Token]bool // a person's rule forbids a link
}

// why returns "" for a message that has links.
func (n *notLogged) why(ctx context.Context, m *crm.Message) (NotLogged, error) {
	switch {
	case len(m.Links) > 0:
		return "", nil
	case m.Direction == crm.Within:
		return NotOutside, nil
	case m.Excluded == crm.DropCopy:
		return NotExcluded, nil
	case m.Answered:
		return NotAnswered, nil
	case len(m.Copies) > 0 && !slices.ContainsFunc(m.Copies, func(c crm.CopyRef) bool { return !c.BoxRole.OffTimeline() }):
		return NotFolder, nil
	}
	if err := n.load(ctx); err != nil {
		return "", err
	}
	in := func(set map[crm.Token]bool) bool {
		return slices.ContainsFunc(m.Seek, func(t crm.Token) bool { return set[t] })
	}
	switch {
	case (&match.Directory{Exclusions: n.excluded}).Drops(m):
		return NotExcluded, nil
	case in(n.never):
		return NotAnswered, nil
	case m.Class == crm.ClassBulk:
		return NotBulk, nil
	case m.Class == crm.ClassBounce, m.Class == crm.ClassAutoReply, m.Class == crm.ClassNotification:
		return NotRobot, nil
	}
	return NotMatched, nil
}

func (n *notLogged) load(ctx context.Context) error {
	if n.loaded {
		return nil
	}
	n.never = map[crm.Token]bool{}
	docs, err := store.Exclusions.All(ctx, n.sp, store.Query{})
	if err != nil {
		return err
	}
	var exclusions []crm.Exclusion
	for _, e := range docs {
		exclusions = append(exclusions, e.Value)
	}
	n.excluded = match.NewExclusions(exclusions)
	rules, err := store.Rules.All(ctx, n.sp, store.Query{})
	if err != nil {
		return err
	}
	for _, r := range rules {
		if r.Value.Effect == crm.EffectNever {
			n.never[r.Value.Value] = true
		}
	}
	n.loaded = true
	return nil
}
