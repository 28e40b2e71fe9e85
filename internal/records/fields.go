package records

import (
	"context"
	"slices"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/formula"
	"threadline/internal/store"
)

// maxFields is how many fields a workspace may add to one noun.
const maxFields = 500

// MakeField adds a field to a noun; crm.Exists when the key is taken.
func (s *Service) MakeField(ctx context.Context, by By, d crm.FieldDef) (string, error) {
	const op = crm.Op("records.MakeField")
	if err := d.Check(); err != nil {
		return "", err
	}
	return s.set(ctx, by, "add the field "+d.Key, func(_ context.Context, tx *store.Tx, sch crm.Schema) error {
		d := d
		n, ok := sch.Noun(d.Kind)
		if !ok {
			return crm.NoKind(op, d.Kind, sch.Nouns()).WithField("kind")
		}
		if n.Activity && d.Type.Derived() {
			return crm.Errorf(crm.Invalid, op, "%q has no fields of its own", crm.Clip(string(d.Kind), 40)).WithField("kind")
		}
		same := func(o crm.FieldDef) bool { return o.Kind == d.Kind && o.Key == d.Key }
		if _, taken := n.Field(d.Key); taken || slices.ContainsFunc(sch.Defs(), same) {
			return crm.Errorf(crm.Exists, op, "%s has a field %s already", n.Plural, d.Key).WithField("key")
		}
		if len(n.Fields) >= maxFields {
			return crm.Errorf(crm.TooLarge, op, "a folder has at most %d fields", maxFields).WithField("key")
		}
		if err := fits(sch, n, d); err != nil {
			return err
		}
		if d.Indexed {
			slot, err := crm.FreeSlot(d.Field, sch.Defs(), d.Kind)
			if err != nil {
				return err
			}
			d.Slot = slot
		}
		if err := computes(sch, by, d); err != nil {
			return err
		}
		return put(tx, crm.FieldSetting(d))
	})
}

// computes refuses a formula that cannot be computed, and a computed field that
// would tell others what is hidden from who makes it.
func computes(sch crm.Schema, by By, d crm.FieldDef) error {
	sch = sch.With(d)
	if err := formula.Check(sch); err != nil {
		return err
	}
	if d.Type.Derived() && writer(access.NewPolicy(sch), by).Hides(d.Kind, d.Key) {
		return crm.Errorf(crm.Denied, "records.computes", "your role hides a field that this one is computed from").WithField("expr").
			WithHint("ask an admin of the workspace")
	}
	return nil
}

// fits checks what a field says of other nouns.
func fits(sch crm.Schema, n crm.Noun, d crm.FieldDef) error {
	const op = crm.Op("records.fits")
	if d.Type == crm.FieldRelation && d.To != "" {
		if to, ok := sch.Noun(d.To); !ok || to.Activity {
			return crm.Errorf(crm.Invalid, op, "there are no records of the kind %q", crm.Clip(string(d.To), 40)).WithField("to")
		}
	}
	if err := fitsStatistic(sch, d.Field); err != nil {
		return err
	}
	if n.Activity && (d.Indexed || d.Type == crm.FieldRelation) {
		return crm.Errorf(crm.Invalid, op, "%s have neither relations nor indexed fields of a workspace", n.Plural).WithField("type")
	}
	return nil
}

// FieldEdit is what may change of a field; nil stays.
type FieldEdit struct {
	Labels   *map[string]string
	Required *bool
	Personal *bool
	Default  *any
	Choices  *[]string
	Roles    *[]string
	Expr     *string
	Stat     *crm.Statistic
	Position *int
	Archived *bool
}

// EditField changes a field that the workspace added. Its type, whether it is a
// list, unique or indexed rest in the records, so they stay. Archiving hides a
// field and keeps its values.
func (s *Service) EditField(ctx context.Context, by By, kind crm.Kind, key string, c FieldEdit) (string, error) {
	return s.set(ctx, by, "change the field "+key, func(_ context.Context, tx *store.Tx, sch crm.Schema) error {
		i := slices.IndexFunc(sch.Defs(), func(d crm.FieldDef) bool { return d.Kind == kind && d.Key == key })
		if i < 0 {
			return crm.Errorf(crm.NotFound, "records.EditField", "the workspace added no field %q to %s", crm.Clip(key, 40), kind).WithField("key")
		}
		d := sch.Defs()[i]
		c.apply(&d)
		if err := d.Check(); err != nil {
			return err
		}
		n, _ := sch.Noun(kind)
		if err := fits(sch, n, d); err != nil {
			return err
		}
		if err := computes(sch, by, d); err != nil {
			return err
		}
		return put(tx, crm.FieldSetting(d))
	})
}

func (c FieldEdit) apply(d *crm.FieldDef) {
	give(&d.Labels, c.Labels)
	give(&d.Required, c.Required)
	give(&d.Personal, c.Personal)
	give(&d.Default, c.Default)
	give(&d.Choices, c.Choices)
	give(&d.Roles, c.Roles)
	give(&d.Expr, c.Expr)
	give(&d.Position, c.Position)
	give(&d.Archived, c.Archived)
	if c.Stat != nil {
		d.Stat = c.Stat
	}
}

func give[T any](to *T, v *T) {
	if v != nil {
		*to = *v
	}
}
