package auth

import (
	"cmp"
	"context"
	"io"
	"slices"
	"strings"

	"threadline/internal/crm"
	"threadline/internal/store"
)

// BootstrapInput describes the workspace that the first start makes.
type BootstrapInput struct {
	Name       string
	OwnDomains []crm.Domain    // mail among these is internal
	Currency   crm.Currency    // EUR when empty
	Zone       string          // IANA, UTC when empty
	Locale     string          // en when empty
	ID         crm.WorkspaceID // of the workspace; random when empty. Two that make the same one at once make one
}

const idKeyBytes = 32

// Bootstrap returns the workspace of the store and makes it, with its id key
// and the default pipeline, when there is none yet. An existing workspace stays
// as it is.
func (s *Service) Bootstrap(ctx context.Context, in BootstrapInput) (crm.WorkspaceID, error) {
	if ws, err := s.existing(ctx); err != nil || ws != "" {
		return ws, err
	}
	ws, err := s.newWorkspace(in)
	if err != nil {
		return "", err
	}
	err = s.found(ctx, &ws, nil)
	if crm.IsKind(err, crm.Exists) && in.ID != "" {
		return in.ID, nil // another instance was quicker
	}
	return ws.ID, crm.Wrap("auth.Bootstrap", "the workspace cannot be made", err)
}

// found stores a new workspace with the pipeline that it begins with, the country
// that its zone tells, and with its admin, if there is one already.
func (s *Service) found(ctx context.Context, ws *crm.Workspace, first *crm.User) error {
	info := store.ChangeInfo{Cause: crm.CauseSystem, Title: "make the workspace"}
	_, err := s.store.In(ws.ID).Change(ctx, info, func(_ context.Context, tx *store.Tx) error {
		store.Workspaces.Create(tx, ws)
		setting := crm.PipelineSetting(crm.DefaultPipeline())
		store.Settings.Create(tx, &setting)
		if c := crm.HomeIn(ws.Zone); c != "" {
			home := crm.HomeSetting(crm.Home{Country: c})
			store.Settings.Create(tx, &home)
		}
		if first != nil {
			admin := crm.MembershipSetting(crm.Membership{User: first.ID, Role: crm.RoleAdmin})
			store.Users.Create(tx, first)
			store.Settings.Create(tx, &admin)
		}
		return nil
	})
	return err
}

// existing is the workspace that was made first.
func (s *Service) existing(ctx context.Context) (crm.WorkspaceID, error) {
	all, err := s.Workspaces(ctx)
	if err != nil || len(all) == 0 {
		return "", err
	}
	return all[0].ID, nil
}

// Workspaces lists the workspaces that have a document of their own, the first
// one first.
func (s *Service) Workspaces(ctx context.Context) ([]crm.Workspace, error) {
	const op = crm.Op("auth.Workspaces")
	ids, err := s.store.Workspaces(ctx)
	if err != nil {
		return nil, crm.Wrap(op, "the workspaces cannot be listed", err)
	}
	var out []crm.Workspace
	for _, id := range ids {
		docs, err := store.Workspaces.GetMany(ctx, s.store.In(id), []string{string(id)})
		if err != nil {
			return nil, crm.Wrap(op, "a workspace cannot be read", err)
		}
		if docs[0].Exists() {
			out = append(out, docs[0].Value)
		}
	}
	slices.SortFunc(out, func(a, b crm.Workspace) int {
		return cmp.Or(cmp.Compare(a.CreatedAt, b.CreatedAt), strings.Compare(string(a.ID), string(b.ID)))
	})
	return out, nil
}

func (s *Service) newWorkspace(in BootstrapInput) (crm.Workspace, error) {
	const op = crm.Op("auth.Bootstrap")
	ws := crm.Workspace{
		Name: strings.TrimSpace(in.Name), OwnDomains: in.OwnDomains, Currency: in.Currency,
		Zone: in.Zone, Locale: in.Locale, CreatedAt: s.store.Now(), IDKey: make(crm.IDKey, idKeyBytes),
	}
	if ws.Name == "" {
		ws.Name = "Workspace"
	}
	if ws.Currency == "" {
		ws.Currency = "EUR"
	}
	if ws.Zone == "" {
		ws.Zone = "UTC"
	}
	if ws.Locale == "" {
		ws.Locale = "en"
	}
	if err := checkWorkspace(&ws); err != nil {
		return ws, err
	}
	if _, err := io.ReadFull(s.random, ws.IDKey); err != nil {
		return ws, crm.E(crm.Internal, op, "the source of randomness failed", err)
	}
	if ws.ID = in.ID; ws.ID != "" {
		return ws, nil
	}
	id, err := s.store.NewID(crm.PrefixWorkspace)
	ws.ID = crm.WorkspaceID(id)
	return ws, err
}
