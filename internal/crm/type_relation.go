package crm

import (
	"slices"
	"strings"
)

// relationType is the id of a record. Where the field names Roles, a value may
// be {record, role}; the roles lie in a companion field, see RolesKey.
func relationType() fieldType {
	t := texted("record", parseRelation)
	t.check = func(f Field) error {
		if len(f.Roles) == 0 {
			return nil
		}
		f.Choices = f.Roles
		if err := checkChoices(f); err != nil {
			return Errorf(Invalid, "crm.Field", "these cannot be the roles of a relation").WithField("roles")
		}
		return nil
	}
	return t
}

func parseRelation(f Field, raw any) (any, error) {
	if m, ok := raw.(map[string]any); ok {
		raw = m["record"]
		if raw == nil {
			return nil, Errorf(Invalid, "crm.Field", "a link is the id of a record, or {record, role}")
		}
	}
	s, err := textOf(raw, maxLine)
	if err != nil || s == "" {
		return nil, err
	}
	n, ok := NounOfID(RecordID(s))
	if !ok || !validIDTail(strings.TrimPrefix(s, n.Prefix+"_")) {
		return nil, Errorf(Invalid, "crm.Field", "%q is not the id of a record", Clip(s, 40))
	}
	if f.To != "" && n.Kind != f.To {
		return nil, Errorf(Invalid, "crm.Field", "this takes the id of a %s, not of a %s", f.To, n.Kind)
	}
	return s, nil
}

// parseRoles reads the roles that links of a relation name: id to role, ""
// where the role is to be taken away; nil when none is named.
func (f Field) parseRoles(raw any) (map[string]any, error) {
	list, ok := raw.([]any)
	if !ok {
		list = []any{raw}
	}
	var out map[string]any
	for _, x := range list {
		m, ok := x.(map[string]any)
		if !ok {
			continue
		}
		for key := range m {
			if key != "record" && key != "role" {
				return nil, Errorf(Invalid, "crm.Field", "a link has no %q", Clip(key, 40)).WithField(f.Key).WithHint("it is {record, role}")
			}
		}
		id, _ := m["record"].(string)
		role, _ := m["role"].(string)
		if role != "" && !slices.Contains(f.Roles, role) {
			return nil, Errorf(Invalid, "crm.Field", "%q is no role of a link here", Clip(role, 40)).WithField(f.Key).
				WithHint("one of " + strings.Join(f.Roles, ", "))
		}
		if out == nil {
			out = map[string]any{}
		}
		out[strings.TrimSpace(id)] = role
	}
	return out, nil
}
