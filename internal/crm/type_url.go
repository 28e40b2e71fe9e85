package crm

import "net/url"

// urlType is a web address.
func urlType() fieldType { return texted("url", parseURL) }

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
