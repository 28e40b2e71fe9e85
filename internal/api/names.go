package api

import (
	"context"

	"threadline/internal/crm"
	"threadline/internal/store"
)

func (s *Server) nameRoutes() {
	add(s, get("/api/v1/names", "names", "What people call records, by their ids; of those that the caller may not see, nothing", "records"), s.listNames)
}

// maxNames is how many names one answer tells at most.
const maxNames = 1000

type named struct {
	Names map[string]string `json:"names" doc:"By id"`
}

func (s *Server) listNames(ctx context.Context, in *struct {
	ID []crm.RecordID `query:"id" maxItems:"200" doc:"Separated by commas"`
}) (*body[named], error) {
	names, err := s.names(ctx, in.ID)
	return answer(named{names}), err
}

// names are what people call records, as far as the caller may see them.
func (s *Server) names(ctx context.Context, ids []crm.RecordID) (map[string]string, error) {
	out := map[string]string{}
	docs, err := s.deps.Records.GetMany(ctx, viewerOf(ctx), ids)
	for i := range docs {
		if docs[i].Exists() {
			out[string(docs[i].Value.ID)] = docs[i].Value.Name()
		}
	}
	return out, err
}

// pointed are the records to which others point, each once.
func (r recordDoor) pointed(list []store.Doc[crm.Record]) []crm.RecordID {
	var out []crm.RecordID
	seen := map[crm.RecordID]bool{}
	for _, f := range r.noun.Fields {
		if f.Type != crm.FieldRelation {
			continue
		}
		for i := range list {
			for _, id := range list[i].Value.Records(f.Key) {
				if !seen[id] && len(out) < maxNames {
					seen[id] = true
					out = append(out, id)
				}
			}
		}
	}
	return out
}
