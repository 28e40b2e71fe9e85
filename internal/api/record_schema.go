package api

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"threadline/internal/crm"
)

// describe gives a route the schema of its noun, made from the table of fields.
// Package crm checks the values: its errors name the field and say what to do.
func (r recordDoor) describe(to route) route {
	to.edit = func(op *huma.Operation) {
		status := to.status
		if status == 0 {
			status = http.StatusOK
		}
		op.SkipValidateBody = true
		one := r.schema(false)
		answer := one
		if strings.HasPrefix(op.OperationID, "list-") {
			answer = object(map[string]*huma.Schema{"items": {Type: huma.TypeArray, Items: one}, "next": {Type: huma.TypeString},
				"plan": planSchema()}, "items")
		}
		op.Responses = map[string]*huma.Response{strconv.Itoa(status): {Description: http.StatusText(status), Content: media(answer)}}
		if op.Method == http.MethodPost || op.Method == http.MethodPatch {
			op.RequestBody = &huma.RequestBody{Required: true, Content: media(r.schema(true))}
		}
	}
	return to
}

// loose takes any values: the fields of a folder are known at run time only.
func loose(to route) route {
	to.edit = func(op *huma.Operation) {
		op.SkipValidateBody = true
		p := map[string]*huma.Schema{"values": {Type: huma.TypeObject, AdditionalProperties: true}, "version": {Type: huma.TypeString}, "moved_on": {Type: huma.TypeBoolean}}
		op.RequestBody = &huma.RequestBody{Required: true, Content: media(object(p, "values"))}
	}
	return to
}

func media(s *huma.Schema) map[string]*huma.MediaType {
	return map[string]*huma.MediaType{"application/json": {Schema: s}}
}

func object(properties map[string]*huma.Schema, required ...string) *huma.Schema {
	return &huma.Schema{Type: huma.TypeObject, Properties: properties, Required: required, AdditionalProperties: false}
}

// planSchema says how an answer was found.
func planSchema() *huma.Schema {
	text, number, yes := &huma.Schema{Type: huma.TypeString}, &huma.Schema{Type: huma.TypeInteger}, &huma.Schema{Type: huma.TypeBoolean}
	s := object(map[string]*huma.Schema{"query": text, "index": text, "filtered": {Type: huma.TypeArray, Items: text},
		"sorted": yes, "bound": number, "scanned": number, "cut": yes}, "query", "index")
	s.Description = "How the answer was found; there when asked for, and when it is cut at the bound"
	return s
}

// schema is a record as it is written or read.
func (r recordDoor) schema(input bool) *huma.Schema {
	values := map[string]*huma.Schema{}
	for _, f := range r.noun.Fields {
		if !input || !f.System {
			values[f.Key] = fieldSchema(f)
		}
	}
	text := func(doc string) *huma.Schema { return &huma.Schema{Type: huma.TypeString, Description: doc} }
	p := map[string]*huma.Schema{"values": open(values), "version": text("For If-Match")}
	if input {
		p["moved_on"] = &huma.Schema{Type: huma.TypeBoolean,
			Description: "Of a change: addresses that it takes away were right until now; mail before stays linked"}
		return object(p, "values")
	}
	p["id"], p["kind"] = text(r.noun.Prefix+"_…"), &huma.Schema{Type: huma.TypeString, Enum: []any{string(r.noun.Kind)}}
	p["created_at"] = &huma.Schema{Type: huma.TypeString, Format: "date-time"}
	p["derived"] = &huma.Schema{Type: huma.TypeObject, AdditionalProperties: true, Description: "What follows from it, when asked for"}
	p["duplicates"] = &huma.Schema{Type: huma.TypeArray, Items: &huma.Schema{Type: huma.TypeObject, AdditionalProperties: true},
		Description: "Of a record just made: others that are perhaps the same, with the field in which they agree"}
	p["created_by"], p["batch"] = text("Id of a user"), text("Of the write just made, to undo it")
	return object(p, "id", "kind", "values", "created_at", "version")
}

// fieldSchema is a field in the words of JSON Schema.
func fieldSchema(f crm.Field) *huma.Schema {
	s := &huma.Schema{Type: huma.TypeString, Nullable: true}
	switch f.Type {
	case crm.FieldNumber, crm.FieldRating, crm.FieldAutoNumber:
		if s.Type = huma.TypeInteger; f.Digits > 0 {
			s.Type = huma.TypeNumber
		}
	case crm.FieldPercent:
		s.Type = huma.TypeNumber
	case crm.FieldCheckbox:
		s.Type = huma.TypeBoolean
	case crm.FieldMoney, crm.FieldPostal, crm.FieldFile, crm.FieldRoles:
		s.Type, s.AdditionalProperties = huma.TypeObject, true
	case crm.FieldTags:
		f.Many = true
	case crm.FieldEmail:
		s.Format = "email"
	case crm.FieldURL:
		s.Format = "uri"
	case crm.FieldDate:
		s.Format = "date"
	case crm.FieldTime:
		s.Format = "date-time"
	case crm.FieldRelation:
		s.Description = "Id of a record"
		if f.To != "" {
			s.Description = "Id of a " + string(f.To)
		}
	case crm.FieldUser:
		s.Description = "Id of a user"
	}
	for _, c := range f.Choices {
		s.Enum = append(s.Enum, c)
	}
	if f.Many {
		s.Nullable = false
		return &huma.Schema{Type: huma.TypeArray, Items: s, Nullable: true}
	}
	return s
}

// open is an object that may have more: the fields that a workspace added.
func open(properties map[string]*huma.Schema) *huma.Schema {
	s := object(properties)
	s.AdditionalProperties = true
	return s
}
