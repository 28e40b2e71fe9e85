package page

import (
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"sync"

	"golang.org/x/net/html"
)

// Left says why a picture was left out of a mail that is written here.
type Left string

// Reasons to leave a picture out.
const (
	LeftWithin   Left = "within"   // its bytes stand in the text, where most programs show none
	LeftInsecure Left = "insecure" // http: it would be loaded in the open, and many programs load none
	LeftHidden   Left = "hidden"   // nobody would see it: it only tells somebody that the mail is read
	LeftNowhere  Left = "nowhere"  // it names no place from which a recipient could load it
)

// Outgoing makes HTML that somebody wrote here fit to be sent, and says which
// pictures it left out, each with its reason.
func Outgoing(source string) (clean string, left []Left) {
	if source == "" {
		return "", nil
	}
	pruned, left := Prune(source)
	return sending().Sanitize(pruned), left
}

// sending is made once: it is large and never changed.
var sending = sync.OnceValue(func() policyOf { return newPolicy(secure) })

// secure matches the address of a picture that is sent.
var secure = regexp.MustCompile(`^(?i:https)://[^\s/]+`)

// Prune takes those pictures out of HTML that are not sent, and nothing else; a
// picture whose address is a merge field stays until it is filled. It proves
// nothing; the policy does.
func Prune(source string) (pruned string, left []Left) {
	var out strings.Builder
	out.Grow(len(source))
	z := html.NewTokenizer(strings.NewReader(source))
	for {
		kind := z.Next()
		if kind == html.ErrorToken {
			return out.String(), left
		}
		raw := string(z.Raw())
		name, _ := z.TagName()
		if kind != html.StartTagToken && kind != html.SelfClosingTagToken || string(name) != "img" {
			out.WriteString(raw)
			continue
		}
		if why := leaves(raw); why != "" {
			left = append(left, why)
			continue
		}
		out.WriteString(raw)
	}
}

// leaves says why a picture is not sent, "" for one that is.
func leaves(raw string) Left {
	t := html.NewTokenizer(strings.NewReader(raw))
	t.Next()
	src, hidden := "", false
	for _, a := range t.Token().Attr {
		switch v := strings.TrimSpace(a.Val); a.Key {
		case "src":
			if src == "" {
				src = v
			}
		case "width", "height":
			hidden = hidden || tiny(v)
		case "style":
			hidden = hidden || unseen(v)
		case "hidden":
			hidden = true
		}
	}
	u, err := url.Parse(src)
	switch {
	case hidden:
		return LeftHidden
	case strings.HasPrefix(src, "{{"):
		return ""
	case err != nil:
		return LeftNowhere
	}
	switch scheme := strings.ToLower(u.Scheme); {
	case scheme == "https" && u.Host != "":
		return ""
	case scheme == "http":
		return LeftInsecure
	case scheme == "data":
		return LeftWithin
	}
	return LeftNowhere
}

// leastSeen is the side of a picture, in pixels, from which on people can see it.
const leastSeen = 3

// tiny tells of a width or height that nobody sees.
func tiny(v string) bool {
	n, err := strconv.ParseFloat(strings.TrimSuffix(strings.ToLower(strings.TrimSpace(v)), "px"), 64)
	return err == nil && n < leastSeen
}

// unseen tells of a style that hides what has it.
func unseen(style string) bool {
	for _, rule := range strings.Split(strings.ToLower(style), ";") {
		name, value, _ := strings.Cut(rule, ":")
		value = strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(value), "!important"))
		switch strings.TrimSpace(name) {
		case "display":
			if value == "none" {
				return true
			}
		case "visibility":
			if value == "hidden" {
				return true
			}
		case "opacity":
			if n, err := strconv.ParseFloat(value, 64); err == nil && n == 0 {
				return true
			}
		case "width", "height", "max-width", "max-height":
			if tiny(value) {
				return true
			}
		}
	}
	return false
}
