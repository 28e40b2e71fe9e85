package page

import (
	"encoding/base64"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"golang.org/x/net/html"
)

// Left says why a picture was left out of a mail that is written here.
type Left string

// Reasons to leave a picture out.
const (
	LeftWithin   Left = "within"   // its bytes stand in the text, and are none of a picture that mail programs show
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

// Letter is Outgoing for a mail that brings pictures along: those whose bytes stand
// in the text are given to keep, and named as parts of the mail, see Enclosed.
// A picture that is none of a known kind is left out. An error is that of keep.
func Letter(source string, keep func(kind string, data []byte) (blob string, err error)) (clean string, left []Left, err error) {
	if source == "" {
		return "", nil, nil
	}
	source = rewritten(source, func(name, _ string) bool { return name == "img" }, func(t *html.Token) {
		for i := range t.Attr {
			a := &t.Attr[i]
			kind, data := rasterOf(strings.TrimSpace(a.Val))
			if a.Key != "src" || kind == "" || err != nil {
				continue
			}
			var blob string
			if blob, err = keep(kind, data); err == nil {
				a.Val = "cid:" + ContentID(blob)
			}
		}
	})
	if err != nil {
		return "", nil, err
	}
	pruned, left := prune(source, true)
	return sending().Sanitize(pruned), left, nil
}

// rasterOf is the picture that an address holds itself, by its first bytes and not
// by what it is called; "" for none, and for documents such as SVG.
func rasterOf(src string) (kind string, data []byte) {
	head, text, ok := strings.Cut(src, ",")
	if !ok || !strings.HasPrefix(strings.ToLower(head), "data:image/") || !strings.HasSuffix(strings.ToLower(head), ";base64") {
		return "", nil
	}
	data, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(text), ""))
	if err != nil {
		return "", nil
	}
	return rasterBy(string(data[:min(len(data), rasterHead)])), data
}

const rasterHead = 14 // bytes that tell of which kind a picture is

// rasterBy is the kind of a picture that every mail program shows, by its first bytes,
// as the sniffing standard of browsers has them; "" for others.
func rasterBy(head string) string {
	switch {
	case strings.HasPrefix(head, "\x89PNG\r\n\x1a\n"):
		return "image/png"
	case strings.HasPrefix(head, "\xff\xd8\xff"):
		return "image/jpeg"
	case strings.HasPrefix(head, "GIF87a"), strings.HasPrefix(head, "GIF89a"):
		return "image/gif"
	case strings.HasPrefix(head, "RIFF") && strings.HasSuffix(head, "WEBPVP"):
		return "image/webp"
	}
	return ""
}

// ContentID names a picture that is a part of a mail, by the blob that holds it.
func ContentID(blob string) string { return blob + "@threadline" }

var enclosed = regexp.MustCompile(`cid:([0-9a-f]{64})@threadline`)

// Enclosed are the blobs of the pictures that a letter names, each once.
func Enclosed(letter string) (blobs []string) {
	for _, m := range enclosed.FindAllStringSubmatch(letter, -1) {
		if !slices.Contains(blobs, m[1]) {
			blobs = append(blobs, m[1])
		}
	}
	return blobs
}

// Unfold puts pictures that a letter names back into its text, for whoever goes on
// writing it; what read does not have stays as it is named.
func Unfold(letter string, read func(blob string) (kind string, data []byte)) string {
	return enclosed.ReplaceAllStringFunc(letter, func(ref string) string {
		kind, data := read(enclosed.FindStringSubmatch(ref)[1])
		if kind == "" {
			return ref
		}
		return "data:" + kind + ";base64," + base64.StdEncoding.EncodeToString(data)
	})
}

// sending is made once: it is large and never changed.
var sending = sync.OnceValue(func() policyOf {
	p := newPolicy(secure)
	p.AllowURLSchemes("cid")
	return p
})

// secure matches the address of a picture that is sent.
var secure = regexp.MustCompile(`^(?:(?i:https)://[^\s/]+|cid:[0-9a-f]{64}@threadline$)`)

// Prune takes those pictures out of HTML that are not sent, and nothing else; a
// picture whose address is a merge field stays until it is filled. It proves
// nothing; the policy does.
func Prune(source string) (pruned string, left []Left) { return prune(source, false) }

// prune lets pictures that are parts of the mail stay where there are such.
func prune(source string, parts bool) (pruned string, left []Left) {
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
		if why := leaves(raw, parts); why != "" {
			left = append(left, why)
			continue
		}
		out.WriteString(raw)
	}
}

// leaves says why a picture is not sent, "" for one that is.
func leaves(raw string, parts bool) Left {
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
	case strings.HasPrefix(src, "{{"), parts && enclosed.MatchString(src):
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
