package crm

import "slices"

// ViewType is how a view is drawn.
type ViewType string

const (
	ViewTable    ViewType = "table"
	ViewBoard    ViewType = "board"
	ViewCalendar ViewType = "calendar"
)

// Shared says who sees a view or a segment.
type Shared string

const (
	SharedPrivate   Shared = "private" // its owner
	SharedTeam      Shared = "team"
	SharedWorkspace Shared = "workspace"
)

// View is a way to look at the records of a folder that somebody kept. Its
// query is text in the query language, so that me and today stay what they are
// for whoever looks.
type View struct {
	ID        string   `cbor:"-" json:"id"`
	Name      string   `cbor:"name" json:"name"`
	Kind      Kind     `cbor:"kind" json:"kind"`
	Type      ViewType `cbor:"type" json:"type" enum:"table,board,calendar"`
	Query     string   `cbor:"query" json:"query" doc:"A whole query, with its order"`
	Columns   []string `cbor:"columns,omitempty" json:"columns,omitempty" doc:"Fields that are shown, computed ones too"`
	GroupBy   string   `cbor:"group_by,omitempty" json:"group_by,omitempty" doc:"Field whose values make groups, of a board its columns"`
	Sums      []string `cbor:"sums,omitempty" json:"sums,omitempty" doc:"Fields of numbers that are added up in each group"`
	Date      string   `cbor:"date,omitempty" json:"date,omitempty" doc:"Of a calendar: the field that gives the day"`
	Sharing   Shared   `cbor:"sharing" json:"sharing" enum:"private,team,workspace"`
	Team      string   `cbor:"team,omitempty" json:"team,omitempty" doc:"Key of the team"`
	Owner     UserID   `cbor:"owner,omitempty" json:"owner,omitempty" doc:"Of a private one"`
	By        UserID   `cbor:"by,omitempty" json:"by,omitempty" doc:"Who made it; empty for the operator"`
	CreatedAt Time     `cbor:"created_at" json:"created_at"`
}

// SegmentMode says how a segment gets its members.
type SegmentMode string

const (
	SegmentDynamic SegmentMode = "dynamic" // by its query, as it is now
	SegmentStatic  SegmentMode = "static"  // as people chose them
)

// Segment is a group of records of a folder that somebody named: whoever fits a
// query, or whom people chose, without the members of other segments.
type Segment struct {
	ID        string      `cbor:"-" json:"id"`
	Name      string      `cbor:"name" json:"name"`
	Kind      Kind        `cbor:"kind" json:"kind"`
	Mode      SegmentMode `cbor:"mode" json:"mode" enum:"dynamic,static"`
	Query     string      `cbor:"query,omitempty" json:"query,omitempty" doc:"Of a dynamic one"`
	Exclude   []string    `cbor:"exclude,omitempty" json:"exclude,omitempty" doc:"Segments whose members are no members of this one"`
	Sharing   Shared      `cbor:"sharing" json:"sharing" enum:"private,team,workspace"`
	Team      string      `cbor:"team,omitempty" json:"team,omitempty"`
	Owner     UserID      `cbor:"owner,omitempty" json:"owner,omitempty"`
	By        UserID      `cbor:"by,omitempty" json:"by,omitempty"`
	CreatedAt Time        `cbor:"created_at" json:"created_at"`
}

// Pick makes a record a member of a static segment. Its id follows from both.
type Pick struct {
	ID      string   `cbor:"-" json:"-"`
	Segment string   `cbor:"segment" json:"segment"`
	Record  RecordID `cbor:"record" json:"record"`
	At      Time     `cbor:"at" json:"at"`
}

// Prefixes of the ids of views and segments.
const (
	PrefixView    = "vie"
	PrefixSegment = "seg"
	PrefixPick    = "pck"
)

// CheckShared checks the name and the sharing of what people keep.
func CheckShared(name string, s Shared, team string) error {
	const op = Op("crm.Shared")
	if t, err := textOf(name, 200); err != nil || t == "" {
		return Errorf(Invalid, op, "a name is text of 1 to 200 bytes").WithField("name")
	}
	if !slices.Contains([]Shared{SharedPrivate, SharedTeam, SharedWorkspace}, s) {
		return Errorf(Invalid, op, "nothing is shared as %q", Clip(string(s), 40)).WithField("sharing").WithHint("private, team or workspace")
	}
	if (s == SharedTeam) != (team != "") {
		return Errorf(Invalid, op, "what is shared with a team names it, and nothing else does").WithField("team")
	}
	return nil
}

// maxColumns is how many columns, or sums, a view has.
const maxColumns = 60

// Check holds a view against the noun whose records it shows, with what is
// computed among its fields.
func (v View) Check(n Noun) error {
	const op = Op("crm.View")
	if err := CheckShared(v.Name, v.Sharing, v.Team); err != nil {
		return err
	}
	if len(v.Columns) > maxColumns || len(v.Sums) > maxColumns {
		return Errorf(TooLarge, op, "a view has at most %d columns", maxColumns).WithField("columns")
	}
	for _, key := range v.Columns {
		if _, ok := n.Field(key); !ok && key != "created_at" {
			return noField(n, key, "columns")
		}
	}
	if f, ok := n.Field(v.GroupBy); v.GroupBy != "" {
		if !ok {
			return noField(n, v.GroupBy, "group_by")
		}
		if !f.Groups() {
			return Errorf(Invalid, op, "the values of %s make no groups", f.Key).WithField("group_by")
		}
	}
	for _, key := range v.Sums {
		f, ok := n.Field(key)
		if !ok {
			return noField(n, key, "sums")
		}
		if !f.Sums() {
			return Errorf(Invalid, op, "%s cannot be added up", f.Key).WithField("sums")
		}
	}
	date, dated := n.Field(v.Date)
	switch {
	case v.Type == ViewBoard && v.GroupBy == "":
		return Errorf(Invalid, op, "a board needs a field for its columns").WithField("group_by")
	case v.Type == ViewCalendar && (!dated || date.Type != FieldDate && date.Type != FieldTime):
		return Errorf(Invalid, op, "a calendar needs a field with a date").WithField("date")
	case !slices.Contains([]ViewType{ViewTable, ViewBoard, ViewCalendar}, v.Type):
		return Errorf(Invalid, op, "there is no view of the type %q", Clip(string(v.Type), 40)).WithField("type").WithHint("table, board or calendar")
	}
	return nil
}

func noField(n Noun, key, where string) *Error {
	var keys []string
	for _, f := range n.Fields {
		keys = append(keys, f.Key)
	}
	return Errorf(Invalid, "crm.View", "%s have no field %q", n.Plural, Clip(key, 40)).WithField(where).WithHint(Nearest(key, keys))
}

// Groups tells whether the values of a field make groups.
func (f Field) Groups() bool {
	switch f.Type {
	case FieldLongText, FieldFile, FieldPostal, FieldRoles, FieldMoney, FieldTime:
		return false
	}
	return true
}

// Sums tells whether values of a field can be added up.
func (f Field) Sums() bool {
	return !f.List() && (f.Type == FieldNumber || f.Type == FieldMoney || f.Type == FieldPercent || f.Type == FieldRating)
}
