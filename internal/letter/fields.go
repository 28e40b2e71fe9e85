package letter

import (
	"strings"
	"time"

	"threadline/internal/crm"
	"threadline/internal/i18n"
	"threadline/internal/merge"
)

// sources are the kinds whose fields a letter may name.
var sources = []crm.Kind{crm.KindContact, crm.KindCompany, crm.KindDeal}

// made are names of values that are made of others.
var made = []string{"contact.first_name", "contact.last_name", "contact.email", "sender.name", "sender.first_name", "sender.email"}

// Fields lists what a letter may name: the fields of contact, company and deal
// that can be read as text, those that the workspace added too, and made ones.
func Fields(sch crm.Schema) []string {
	var out []string
	for _, k := range sources {
		n, _ := sch.Noun(k)
		for _, f := range n.Fields {
			if readable(f) {
				out = append(out, string(k)+"."+f.Key)
			}
		}
	}
	return append(out, made...)
}

// readable leaves out what says nothing to a reader: links, ids, what is
// computed when asked for.
func readable(f crm.Field) bool {
	switch f.Type {
	case crm.FieldRelation, crm.FieldRoles, crm.FieldUser, crm.FieldFile, crm.FieldFormula, crm.FieldStatistic:
		return false
	}
	return !f.System
}

// Subjects are who and what a letter is about. Each but the sender may be nil.
type Subjects struct {
	Contact, Company, Deal *crm.Record
	Sender                 crm.User
	Lang                   i18n.Lang
	Zone                   *time.Location
	Now                    time.Time
}

// Values finds the values of fields for one letter.
func Values(sch crm.Schema, s Subjects) merge.Values {
	return func(name string) string {
		source, key, _ := strings.Cut(name, ".")
		switch source {
		case "sender":
			return sender(&s.Sender, key)
		case string(crm.KindContact):
			if v, ok := contact(s.Contact, key); ok {
				return v
			}
			return s.field(sch, crm.KindContact, s.Contact, key)
		case string(crm.KindCompany):
			return s.field(sch, crm.KindCompany, s.Company, key)
		case string(crm.KindDeal):
			return s.field(sch, crm.KindDeal, s.Deal, key)
		}
		return ""
	}
}

func sender(u *crm.User, key string) string {
	switch key {
	case "name":
		return u.Name
	case "first_name":
		first, _ := split(u.Name)
		return first
	case "email":
		return string(u.Email)
	}
	return ""
}

// contact gives the made values of a contact; ok is false for other keys.
func contact(r *crm.Record, key string) (value string, ok bool) {
	switch key {
	case "first_name", "last_name", "email":
	default:
		return "", false
	}
	if r == nil {
		return "", true
	}
	first, last := split(r.Text("name"))
	switch key {
	case "first_name":
		return first, true
	case "last_name":
		return last, true
	}
	if list := r.List("emails"); len(list) > 0 {
		return list[0], true
	}
	return "", true
}

// split takes a name apart at its first blank; "Nowak, Anna" is turned around.
// A name of one word is a first name.
func split(name string) (first, last string) {
	name = strings.Join(strings.Fields(name), " ")
	if strings.Contains(name, "@") {
		return "", "" // an address that stands where a name should
	}
	if l, f, ok := strings.Cut(name, ","); ok {
		return strings.TrimSpace(f), strings.TrimSpace(l)
	}
	first, last, _ = strings.Cut(name, " ")
	return first, last
}

// field writes a value as the reader of the letter would.
func (s *Subjects) field(sch crm.Schema, k crm.Kind, r *crm.Record, key string) string {
	n, _ := sch.Noun(k)
	f, ok := n.Field(key)
	if r == nil || !ok || !readable(f) || r.Values[key] == nil {
		return ""
	}
	switch x := r.Values[key].(type) {
	case crm.Time:
		return s.Lang.Day(x.Std().In(s.Zone), s.Now)
	case string:
		if day, err := time.Parse(time.DateOnly, x); err == nil && f.Type == crm.FieldDate {
			return s.Lang.Day(day, s.Now)
		}
	case int64:
		if f.Money != "" {
			c := crm.Currency(r.Text(f.Money))
			return s.Lang.Money(x, string(c), c.Digits())
		}
	}
	return strings.ReplaceAll(f.Format(r.Values[key]), "; ", ", ")
}
