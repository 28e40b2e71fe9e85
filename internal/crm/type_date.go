package crm

import "time"

// dateType is a day, text such as 2026-11-22.
func dateType() fieldType { return texted("date", parseDate) }

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
