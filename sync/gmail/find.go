package gmail

import (
	"context"
	"strconv"
	"strings"

	"threadline/sync/source"
)

// Find searches by the operators of Gmail's own search, and takes the newest 500
// that it finds. Drafts are in no folder of ours but their own.
func (s *session) Find(ctx context.Context, folder string, clue source.Clue) (source.Found, error) {
	out := source.Found{Epoch: epoch}
	clue, err := clue.Parse("gmail.Find")
	if err != nil {
		return out, err
	}
	return bounded(ctx, s, func(ctx context.Context) (source.Found, error) {
		label, ok := labelOf(folder)
		if !ok {
			return out, noFolder(folder)
		}
		var err error
		out.Keys, _, err = s.idsFrom(ctx, "", searchOf(clue), label != "", labels(label)...)
		if err != nil || label != "" || len(out.Keys) == 0 {
			return out, err
		}
		for _, kind := range []string{"DRAFT", "CHAT"} { // a search of all mail finds them, too
			none, _, err := s.idsFrom(ctx, "", searchOf(clue), false, kind)
			if err != nil {
				return source.Found{}, err
			}
			out.Keys = out.Keys.Minus(none)
		}
		return out, nil
	})
}

// searchOf says a clue in Gmail's operators. Quotes would end a term.
func searchOf(c source.Clue) string {
	plain := strings.NewReplacer(`"`, " ", "{", " ", "}", " ", "(", " ", ")", " ")
	var terms []string
	if c.ID != "" {
		terms = append(terms, "rfc822msgid:"+string(c.ID))
	}
	if who := strings.Join(strings.Fields(plain.Replace(c.With)), " "); who != "" {
		terms = append(terms, `{from:"`+who+`" to:"`+who+`" cc:"`+who+`" bcc:"`+who+`"}`)
	}
	for _, word := range strings.Fields(plain.Replace(c.Subject)) {
		terms = append(terms, `subject:"`+word+`"`)
	}
	if c.From > 0 {
		terms = append(terms, after(c.From))
	}
	if c.Until > 0 {
		terms = append(terms, "before:"+strconv.FormatInt(c.Until.Std().Unix()+1, 10))
	}
	return strings.Join(terms, " ")
}
