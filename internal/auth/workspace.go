package auth

import (
	"context"
	"strings"
	"time"

	"threadline/internal/crm"
	"threadline/internal/store"
)

// WorkspaceEdit is what changes of a workspace; what is nil stays.
type WorkspaceEdit struct {
	Name       *string   `json:"name,omitempty" minLength:"1" maxLength:"200"`
	OwnDomains *[]string `json:"own_domains,omitempty" maxItems:"100" doc:"Mail among these is internal. Stored mail is decided anew within a minute"`
	Currency   *string   `json:"currency,omitempty" maxLength:"3" doc:"Of deals that say none, as ISO 4217"`
	Zone       *string   `json:"zone,omitempty" maxLength:"60" doc:"Where its days begin, as IANA"`
	Locale     *string   `json:"locale,omitempty" maxLength:"35" doc:"Language of people who chose none"`
}

// EditWorkspace changes what holds for everybody in a workspace. It is no change
// that can be undone: the workspace's own document is not in the log.
func (s *Service) EditWorkspace(ctx context.Context, sp *store.Space, in WorkspaceEdit) (crm.Workspace, error) {
	var out crm.Workspace
	err := sp.Transact(ctx, func(ctx context.Context, tx *store.Tx) error {
		doc, err := store.Workspaces.Get(ctx, tx, string(sp.Workspace()))
		if err != nil {
			return err
		}
		out = doc.Value
		if err := in.apply(&out); err != nil {
			return err
		}
		store.Workspaces.Put(tx, &out)
		if in.OwnDomains != nil {
			store.Tell(tx, &crm.Arrival{}) // who follows looks at who we are
		}
		return nil
	})
	return out, crm.Wrap("auth.EditWorkspace", "the workspace cannot be changed", err)
}

func (in *WorkspaceEdit) apply(ws *crm.Workspace) error {
	if in.Name != nil {
		if ws.Name = strings.TrimSpace(*in.Name); ws.Name == "" {
			return crm.Errorf(crm.Invalid, "auth.EditWorkspace", "a workspace has a name").WithField("name")
		}
	}
	if in.OwnDomains != nil {
		ws.OwnDomains = nil
		for _, text := range *in.OwnDomains {
			d, err := crm.ParseDomain(strings.TrimSpace(text))
			if err != nil {
				return crm.E(crm.Invalid, "auth.EditWorkspace", "an own domain cannot be read", err).WithField("own_domains").WithHint("write it as company.example")
			}
			ws.OwnDomains = append(ws.OwnDomains, d)
		}
	}
	if in.Currency != nil {
		ws.Currency = crm.Currency(strings.ToUpper(strings.TrimSpace(*in.Currency)))
	}
	if in.Zone != nil {
		ws.Zone = strings.TrimSpace(*in.Zone)
	}
	if in.Locale != nil {
		ws.Locale = strings.TrimSpace(*in.Locale)
	}
	return checkWorkspace(ws)
}

// checkWorkspace refuses a zone and a currency that there is not.
func checkWorkspace(ws *crm.Workspace) error {
	const op = crm.Op("auth.checkWorkspace")
	if _, err := time.LoadLocation(ws.Zone); err != nil || ws.Zone == "" || ws.Zone == "Local" {
		return crm.Errorf(crm.Invalid, op, "%q is no time zone", crm.Clip(ws.Zone, 60)).
			WithField("zone").WithHint("use an IANA name such as Europe/Warsaw")
	}
	if _, err := crm.ParseCurrency(string(ws.Currency)); err != nil {
		return crm.E(crm.Invalid, op, "this is no currency", err).WithField("currency").WithHint("write it as EUR")
	}
	return nil
}
