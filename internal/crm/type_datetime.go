package crm

import "strings"

// datetimeType is an instant, a Time.
func datetimeType() fieldType {
	return fieldType{widget: "datetime", parse: parseTimeValue, compare: comparing[Time], format: plainText}
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
