package crm

import (
	"maps"
	"slices"
	"strings"
)

// rolesType is the companion of a relation with roles: {id: role}. It is
// written through the relation only.
func rolesType() fieldType {
	return fieldType{widget: "roles",
		parse: func(_ Field, _ any) (any, error) {
			return nil, Errorf(Invalid, "crm.Field", "roles are set with the links that they belong to")
		},
		format: func(_ Field, v any) string {
			m, _ := v.(map[string]any)
			var out []string
			for _, id := range slices.Sorted(maps.Keys(m)) {
				role, _ := m[id].(string)
				out = append(out, id+" "+role)
			}
			return strings.Join(out, "; ")
		}}
}

// RolesKey is the key of the companion field that holds the roles of the links
// of a relation.
func RolesKey(relation string) string { return relation + "_roles" }

// Role returns the role of a link in a relation of the record, "" for none.
func (r *Record) Role(relation string, to RecordID) string {
	m, _ := r.Values[RolesKey(relation)].(map[string]any)
	s, _ := m[string(to)].(string)
	return s
}

// keepRoles puts the roles of a relation in step with its links: old ones stay,
// those in set come or, when empty, go.
func (r *Record) keepRoles(f Field, set map[string]any) {
	have, _ := r.Values[RolesKey(f.Key)].(map[string]any)
	out := map[string]any{}
	for _, id := range r.List(f.Key) {
		role, said := set[id]
		if !said {
			role = have[id]
		}
		if s, _ := role.(string); s != "" {
			out[id] = s
		}
	}
	if len(out) == 0 {
		delete(r.Values, RolesKey(f.Key))
		return
	}
	r.Values[RolesKey(f.Key)] = out
}
