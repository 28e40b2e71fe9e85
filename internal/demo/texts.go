package demo

import (
	"embed"
	"path"
	"strings"
)

//go:embed texts/*.txt
var textFiles embed.FS

// text is one written passage with placeholders in braces.
type text struct{ from, subject, body string }

// texts holds the passages by "file/key", for instance "fr/enquiry"; several
// passages of a key are variants.
type texts map[string][]text

// loadTexts reads the embedded passages. They are part of the program, so a
// file that cannot be read is a programming error.
func loadTexts() texts {
	all := texts{}
	entries, err := textFiles.ReadDir("texts")
	if err != nil {
		panic("demo: embedded texts: " + err.Error())
	}
	for _, e := range entries {
		raw, err := textFiles.ReadFile(path.Join("texts", e.Name()))
		if err != nil {
			panic("demo: embedded texts: " + err.Error())
		}
		all.add(strings.TrimSuffix(e.Name(), ".txt"), string(raw))
	}
	return all
}

// add splits a file at its "== key" lines.
func (t texts) add(file, raw string) {
	for _, section := range strings.Split("\n"+raw, "\n== ")[1:] {
		key, body, _ := strings.Cut(section, "\n")
		var p text
		if rest, ok := strings.CutPrefix(body, "From: "); ok {
			p.from, body, _ = strings.Cut(rest, "\n")
		}
		if rest, ok := strings.CutPrefix(body, "Subject: "); ok {
			p.subject, body, _ = strings.Cut(rest, "\n")
		}
		p.body = strings.TrimSpace(body)
		key = file + "/" + strings.TrimSpace(key)
		t[key] = append(t[key], p)
	}
}

// pick returns the n-th variant of a key, counted around.
func (t texts) pick(key string, n int) text {
	l := t[key]
	if len(l) == 0 {
		panic("demo: no text for " + key)
	}
	return l[n%len(l)]
}

// fill replaces the placeholders of a passage.
func (p text) fill(v vars) text {
	pairs := make([]string, 0, 2*len(v))
	for k, s := range v {
		pairs = append(pairs, "{"+k+"}", s)
	}
	r := strings.NewReplacer(pairs...)
	return text{from: p.from, subject: r.Replace(p.subject), body: r.Replace(p.body)}
}

// vars are the values of placeholders.
type vars map[string]string
