package crm

import (
	"encoding/json"
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// fieldTypes is the one table of field types.
func fieldTypes() map[FieldType]func(Field, any) (any, error) {
	return map[FieldType]func(Field, any) (any, error){
		FieldText:     parseLine,
		FieldLongText: func(_ Field, raw any) (any, error) { return some(textOf(raw, maxText)) },
		FieldEmail:    viaText(ParseAddress),
		FieldDomain:   viaText(ParseDomain),
		FieldPhone:    viaText(ParsePhone),
		FieldURL:      parseURL,
		FieldNumber:   parseNumber,
		FieldCurrency: viaText(ParseCurrency),
		FieldDate:     parseDate,
		FieldTime:     parseTimeValue,
		FieldChoice:   parseChoice,
		FieldRelation: parseRelation,
		FieldUser: viaText(func(s string) (UserID, error) {
			return ParseID[UserID](PrefixUser, s)
		}),
	}
}

// some turns "" into nil, so that empty input clears a field.
func some(s string, err error) (any, error) {
	if err != nil || s == "" {
		return nil, err
	}
	return s, nil
}

func viaText[T ~string](parse func(string) (T, error)) func(Field, any) (any, error) {
	return func(_ Field, raw any) (any, error) {
		s, err := textOf(raw, maxLine)
		if err != nil || s == "" {
			return nil, err
		}
		v, err := parse(s)
		if err != nil {
			return nil, err
		}
		return string(v), nil
	}
}

func parseLine(_ Field, raw any) (any, error) {
	s, err := textOf(raw, maxLine)
	return some(strings.Join(strings.Fields(s), " "), err)
}

func parseURL(_ Field, raw any) (any, error) {
	s, err := textOf(raw, maxLine)
	if err != nil || s == "" {
		return nil, err
	}
	u, err := url.Parse(s)
	if err != nil || (u.Scheme != "https" && u.Scheme != "http") || u.Host == "" {
		return nil, Errorf(Invalid, "crm.Field", "%q is not a web address", Clip(s, 60)).WithHint("start it with https://")
	}
	return u.String(), nil
}

func parseNumber(_ Field, raw any) (any, error) {
	switch v := raw.(type) {
	case int64:
		return v, nil
	case int:
		return int64(v), nil
	case float64:
		if v == math.Trunc(v) && math.Abs(v) < 1<<53 {
			return int64(v), nil
		}
	case json.Number:
		if n, err := v.Int64(); err == nil {
			return n, nil
		}
	case string:
		if strings.TrimSpace(v) == "" {
			return nil, nil
		}
		if n, err := strconv.ParseInt(strings.TrimSpace(v), 10, 64); err == nil {
			return n, nil
		}
	}
	return nil, Errorf(Invalid, "crm.Field", "this takes a whole number")
}

func parseDate(_ Field, raw any) (any, error) {
	s, err := textOf(raw, maxLine)
	if err != nil || s == "" {
		return nil, err
	}
	if _, err := time.Parse(time.DateOnly, s); err != nil {
		return nil, Errorf(Invalid, "crm.Field", "%q is not a date", Clip(s, 40)).WithHint("write it as 2026-11-22")
	}
	return s, nil
}

func parseTimeValue(_ Field, raw any) (any, error) {
	switch v := raw.(type) {
	case Time:
		if v == 0 {
			return nil, nil
		}
		return v, nil
	case string:
		if strings.TrimSpace(v) == "" {
			return nil, nil
		}
		t, err := ParseTime(strings.TrimSpace(v))
		if err != nil {
			return nil, err
		}
		return t, nil
	}
	return nil, Errorf(Invalid, "crm.Field", "this takes a time such as 2026-11-22T09:30:00Z")
}

func parseChoice(f Field, raw any) (any, error) {
	s, err := textOf(raw, maxLine)
	if err != nil || s == "" {
		return nil, err
	}
	if !slices.Contains(f.Choices, s) {
		return nil, Errorf(Invalid, "crm.Field", "%q is not a choice", Clip(s, 40)).WithHint("one of " + strings.Join(f.Choices, ", "))
	}
	return s, nil
}

func parseRelation(f Field, raw any) (any, error) {
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
