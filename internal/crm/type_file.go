package crm

import "strings"

// fileType names a file that was put into the store before: {blob, name, type,
// size}, blob being the SHA-256 of its content in hex.
func fileType() fieldType {
	return fieldType{widget: "file", parse: parseFile,
		format: func(_ Field, v any) string {
			m, _ := v.(map[string]any)
			s, _ := m["name"].(string)
			return s
		}}
}

func parseFile(f Field, raw any) (any, error) {
	wrong := Errorf(Invalid, "crm.Field", "a file is {blob, name, type, size}, as the upload answered")
	in, ok := raw.(map[string]any)
	if s, text := raw.(string); text && strings.TrimSpace(s) == "" {
		return nil, nil
	}
	if !ok {
		return nil, wrong
	}
	out := map[string]any{}
	for key, v := range in {
		switch key {
		case "blob", "name", "type":
			s, err := textOf(v, maxLine)
			if err != nil {
				return nil, err
			}
			out[key] = s
		case "size":
			f.Digits = 0
			n, err := parseNumber(f, v)
			if err != nil {
				return nil, err
			}
			out[key] = n
		default:
			return nil, wrong
		}
	}
	blob, _ := out["blob"].(string)
	if len(blob) != 64 || strings.Trim(blob, "0123456789abcdef") != "" || out["name"] == nil || out["name"] == "" {
		return nil, wrong
	}
	return out, nil
}
