package records

import (
	"context"
	"slices"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/query"
	"threadline/internal/store"
)

// Words are what a query can say in the workspace at present.
func (s *Service) Words(ctx context.Context, v access.Viewer) (query.Schema, error) {
	if err := mayRead(v); err != nil {
		return query.Schema{}, err
	}
	_, words, err := s.words(ctx, v)
	return words, crm.Wrap("records.Words", "the fields of the workspace cannot be read", err)
}

// Parse reads a query in the words of the workspace.
func (s *Service) Parse(ctx context.Context, v access.Viewer, text string) (*query.Query, error) {
	words, err := s.Words(ctx, v)
	if err != nil {
		return nil, err
	}
	return query.Parse(text, words)
}

// words leaves out the fields that are hidden from the viewer: asking for one is
// asking for a field that there is not.
func (s *Service) words(ctx context.Context, v access.Viewer) (crm.Workspace, query.Schema, error) {
	ws, err := store.Workspaces.Get(ctx, s.sp, string(s.sp.Workspace()))
	if err != nil {
		return crm.Workspace{}, query.Schema{}, err
	}
	sch, err := s.schema(ctx)
	if err != nil {
		return ws.Value, query.Schema{}, err
	}
	out := query.Schema{Currency: ws.Value.Currency, Choices: choices(sch)}
	for _, n := range figured(sch, v) {
		out.Nouns = append(out.Nouns, v.Noun(n))
	}
	users, err := store.Users.All(ctx, s.sp, store.Query{})
	for _, u := range users {
		out.Users = append(out.Users, query.Choice{Value: string(u.Value.ID), Names: called(u.Value)})
	}
	return ws.Value, out, err
}

// choices are the values of stages and pipelines.
func choices(sch crm.Schema) map[string][]query.Choice {
	out := map[string][]query.Choice{}
	var kinds []query.Choice
	for _, k := range []crm.StageKind{crm.StageOpen, crm.StageWon, crm.StageLost} {
		kinds = append(kinds, query.Choice{Value: string(k)})
	}
	for _, n := range sch.Nouns() {
		if n.Staged {
			of := string(n.Kind)
			out[of+".pipeline"], out[of+".stage"] = stageChoices(sch.Pipelines(n.Kind))
			out[of+".stage_kind"] = kinds
		}
	}
	return out
}

// called lists how people call a user.
func called(u crm.User) []string {
	if u.Name == "" {
		return []string{string(u.Email)}
	}
	return []string{u.Name, string(u.Email)}
}

// stageChoices lists pipelines and their stages. Stages of several pipelines
// that share a key are one value.
func stageChoices(list []crm.Pipeline) (pipes, stages []query.Choice) {
	for _, p := range list {
		pipes = append(pipes, query.Choice{Value: p.Key, Names: []string{p.Name}})
		for _, st := range p.Stages {
			i := slices.IndexFunc(stages, func(c query.Choice) bool { return c.Value == st.Key })
			switch {
			case i < 0:
				stages = append(stages, query.Choice{Value: st.Key, Names: []string{st.Name}})
			case !slices.Contains(stages[i].Names, st.Name):
				stages[i].Names = append(stages[i].Names, st.Name)
			}
		}
	}
	return pipes, stages
}
