package ledger

import (
	"context"
	"slices"
	"strings"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/match"
	"threadline/internal/store"
)

// Correction is a person's word on where mail belongs and who may know of it.
// Said of a message or its thread it is an answer; said of an address or a
// domain it becomes a standing rule or, of private, an exclusion for the
// person's own mailboxes.
type Correction struct {
	Message crm.MessageID
	Scope   crm.Scope
	Effect  crm.RuleEffect
	Record  crm.RecordID // of link and never
	Instead crm.RecordID // of never: where it belongs; empty: nowhere
	Address crm.Address  // of an address or a domain: whose; empty: by which the message is linked to the record
	By      crm.UserID
	Cause   crm.Cause
}

// Correct stores a correction as one change and returns the batch by which it
// can be undone. The links follow through the feed. It fails with crm.Invalid,
// naming the field, for what would have no effect.
func Correct(ctx context.Context, sp *store.Space, c Correction) (string, error) {
	p, err := propose(ctx, sp, c)
	if err != nil {
		return "", err
	}
	info := store.ChangeInfo{Actor: c.By, Cause: c.Cause, Title: c.title()}
	return p.carry(ctx, sp, info, c.check)
}

func (c *Correction) title() string {
	switch c.Effect {
	case crm.EffectPrivate:
		return "hide mail from others"
	case crm.EffectShared:
		return "show mail to others again"
	case crm.EffectSplit:
		return "split a thread"
	case crm.EffectDeal:
		return "say which deal mail is about"
	}
	return "correct where mail belongs"
}

// check holds a correction against what is stored.
func (c *Correction) check(ctx context.Context, tx *store.Tx) error {
	m, err := store.Messages.Get(ctx, tx, string(c.Message))
	if crm.IsKind(err, crm.NotFound) {
		return crm.Errorf(crm.NotFound, "ledger.Correct", "there is no message %s", c.Message).WithField("id")
	}
	if err != nil {
		return err
	}
	sch, err := store.ReadSchema(ctx, tx)
	if err != nil {
		return err
	}
	v := access.NewPolicy(sch).Member(c.By)
	level := access.Message(v, &m.Value)
	if level == access.None {
		return crm.Errorf(crm.NotFound, "ledger.Correct", "there is no message %s", c.Message).WithField("id")
	}
	if c.hides() && level != access.Full {
		return crm.Errorf(crm.Denied, "ledger.Correct", "who may know of mail is for those to say whose mailbox it is in")
	}
	for _, id := range c.records() {
		r, err := store.Records.Get(ctx, tx, string(id))
		if err == nil && !v.Reads(&r.Value) {
			err = crm.Errorf(crm.NotFound, "ledger.Correct", "there is no record %s", id)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (c *Correction) hides() bool {
	return c.Effect == crm.EffectPrivate || c.Effect == crm.EffectShared
}

func (c *Correction) records() []crm.RecordID {
	return slices.DeleteFunc([]crm.RecordID{c.Record, c.Instead}, func(id crm.RecordID) bool { return id == "" })
}

// valid holds a correction against itself.
func (c *Correction) valid() error {
	const op = crm.Op("ledger.Correct")
	switch c.Scope {
	case crm.ScopeMessage, crm.ScopeThread, crm.ScopeAddress, crm.ScopeDomain:
	default:
		return crm.Errorf(crm.Invalid, op, "a correction is for a message, its thread, an address or a domain").WithField("scope")
	}
	switch c.Effect {
	case crm.EffectLink, crm.EffectNever:
		if c.Record == "" {
			return crm.Errorf(crm.Invalid, op, "which record is it about?").WithField("record")
		}
	case crm.EffectDeal:
		if n, _ := crm.NounOfID(c.Record); c.Record != "" && n.Kind != crm.KindDeal {
			return crm.Errorf(crm.Invalid, op, "%s is no deal", c.Record).WithField("deal")
		}
		if c.Scope != crm.ScopeMessage && c.Scope != crm.ScopeThread {
			return crm.Errorf(crm.Invalid, op, "which deal is meant is said of a message or its thread").WithField("scope")
		}
	case crm.EffectPrivate, crm.EffectShared:
	case crm.EffectSplit:
		if c.Scope != crm.ScopeMessage {
			return crm.Errorf(crm.Invalid, op, "a thread is split at one message").WithField("scope")
		}
	default:
		return crm.Errorf(crm.Invalid, op, "there is no correction %q", crm.Clip(string(c.Effect), 20)).WithField("effect")
	}
	if c.Instead != "" && (c.Effect != crm.EffectNever || c.Instead == c.Record) {
		return crm.Errorf(crm.Invalid, op, "what belongs elsewhere never belongs to another record").WithField("instead")
	}
	return nil
}

// propose turns a correction into the documents that it makes.
func propose(ctx context.Context, sp *store.Space, c Correction) (*proposal, error) {
	if err := c.valid(); err != nil {
		return nil, err
	}
	if err := sp.Transact(ctx, c.check); err != nil { // before anything is told of the message
		return nil, err
	}
	dir, key, err := base(ctx, sp, sp.Workspace())
	if err != nil {
		return nil, err
	}
	now, p := sp.Store().Now(), &proposal{}
	if c.Scope == crm.ScopeMessage || c.Scope == crm.ScopeThread {
		for _, s := range c.says() {
			about := string(s.Record)
			if s.Record == "" || s.Effect == crm.EffectDeal {
				about = map[bool]string{true: "who", false: string(s.Effect)}[c.hides()]
			}
			p.said = append(p.said, crm.Answer{ID: crm.DerivedID(crm.PrefixAnswer, key, string(c.Scope), string(c.Message), about),
				Scope: c.Scope, Message: c.Message, Effect: s.Effect, Record: s.Record, By: c.By, At: now})
		}
		return p, nil
	}
	token, err := c.token(ctx, sp, dir)
	if err != nil {
		return nil, err
	}
	if c.hides() {
		e := crm.Exclusion{Owner: c.By, Pattern: token, Effect: crm.OwnerOnly, By: c.By, At: now}
		e.ID = exclusionID(key, &e)
		if c.Effect == crm.EffectPrivate {
			p.excluded = append(p.excluded, e)
		} else {
			p.included = append(p.included, e)
		}
		return p, nil
	}
	for _, s := range c.says() {
		p.rules = append(p.rules, crm.Rule{ID: crm.DerivedID(crm.PrefixRule, key, string(token), string(s.Record)),
			Scope: c.Scope, Value: token, Effect: s.Effect, Record: s.Record, By: c.By, At: now})
	}
	return p, nil
}

// saying is one effect on one record.
type saying struct {
	Effect crm.RuleEffect
	Record crm.RecordID
}

func (c *Correction) says() []saying {
	out := []saying{{c.Effect, c.Record}}
	if c.hides() || c.Effect == crm.EffectSplit {
		out[0].Record = ""
	}
	if c.Instead != "" {
		out = append(out, saying{crm.EffectLink, c.Instead})
	}
	return out
}

// token is the address or domain that a correction is about.
func (c *Correction) token(ctx context.Context, sp *store.Space, dir *match.Directory) (crm.Token, error) {
	address := c.Address
	if address == "" {
		m, err := store.Messages.Get(ctx, sp, string(c.Message))
		if err != nil {
			return "", err
		}
		if address, err = outside(dir, &m.Value, c.Record); err != nil {
			return "", err
		}
	}
	if c.Scope == crm.ScopeAddress {
		return crm.AddressToken(address), effective(dir, crm.AddressToken(address))
	}
	t := crm.DomainToken(match.Registered(address.Domain()))
	if err := standsFor(dir, t); err != nil {
		return t, err
	}
	return t, effective(dir, t)
}

// outside finds the address by which a message is linked to a record or, when
// it is not, the only person outside who takes part.
func outside(dir *match.Directory, m *crm.Message, record crm.RecordID) (crm.Address, error) {
	via := record
	for range len(m.Links) { // a deal by its contact, a company by its contact
		i := slices.IndexFunc(m.Links, func(l crm.Link) bool { return l.Record == via })
		if i < 0 {
			break
		}
		if a := m.Links[i].Evidence.Address; a != "" {
			return a, nil
		}
		via = m.Links[i].Evidence.Via
	}
	var all []string
	for _, p := range m.Participants {
		if dir.Outside(p) && !slices.Contains(all, string(p.Address)) {
			all = append(all, string(p.Address))
		}
	}
	if len(all) == 1 {
		return crm.Address(all[0]), nil
	}
	e := crm.Errorf(crm.Invalid, "ledger.Correct", "for which address?").WithField("address")
	if len(all) > 0 {
		e = e.WithHint("one of " + crm.Clip(strings.Join(all, ", "), 300))
	}
	return "", e
}

// effective refuses what rules and exclusions could not act on.
func effective(dir *match.Directory, t crm.Token) error {
	const op = crm.Op("ledger.effective")
	if a := t.Address(); a != "" {
		if dir.Own(a) {
			return crm.Errorf(crm.Invalid, op, "%s is ours and in every message", a).WithField("pattern")
		}
		return nil
	}
	d := t.Domain()
	if dir.OwnDomain(d) {
		return crm.Errorf(crm.Invalid, op, "%s is ours and in every message", d).WithField("pattern")
	}
	return nil
}

// standsFor refuses domains at which anybody may be: mail is not sought by them.
func standsFor(dir *match.Directory, t crm.Token) error {
	if d := t.Domain(); d != "" && (dir.Free(d) || match.Public(d)) {
		return crm.Errorf(crm.Invalid, "ledger.Decree", "at %s anybody may have an address, so it stands for nobody", d).
			WithField("pattern").WithHint("make the rule for the person's address instead")
	}
	return nil
}
