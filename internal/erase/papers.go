package erase

import (
	"context"
	"regexp"
	"slices"
	"strings"

	"threadline/internal/crm"
)

// overlap is how much of a piece of a file is read again with the next one, for what
// stands across both.
const overlap = 1 << 10

// papers lets go what long work has kept of the person: files that were exported or
// uploaded, and plans of edits. They would hold the person for a month, for whoever
// had them written.
func (r *run) papers(ctx context.Context) error {
	if r.p.Record == "" {
		return nil
	}
	named := r.p.named()
	_, err := r.s.jobs.Purge(ctx, func(ctx context.Context, j *crm.Job) (bool, error) {
		held := named.MatchString(j.Title) || named.Match(j.Spec)
		if err := r.s.jobs.Parts(ctx, j.ID, func(data []byte) { held = held || named.Match(data) }); err != nil || held {
			return held, err
		}
		return r.s.inPieces(ctx, j.Blobs, named)
	})
	return err
}

// inPieces tells whether a file that is kept in pieces names somebody.
func (s *Service) inPieces(ctx context.Context, pieces []string, named *regexp.Regexp) (bool, error) {
	var before []byte
	for _, ref := range pieces {
		data, err := s.blobs.Get(ctx, s.sp.Workspace(), ref)
		if crm.IsKind(err, crm.NotFound) {
			before = nil
			continue
		}
		if err != nil {
			return false, err
		}
		if named.Match(data) || named.Match(slices.Concat(before, data[:min(len(data), overlap)])) {
			return true, nil
		}
		before = data[max(0, len(data)-overlap):]
	}
	return false, nil
}

// named matches what names the person: their record, addresses, and name.
func (p *person) named() *regexp.Regexp {
	words := []string{string(p.Record)}
	for _, id := range p.Alone {
		words = append(words, string(id))
	}
	for _, t := range p.Tokens {
		_, value, _ := strings.Cut(string(t), ":")
		words = append(words, value)
	}
	if len(strings.Fields(p.Name)) > 1 { // one word may be any word
		words = append(words, p.Name)
	}
	words = slices.DeleteFunc(words, func(w string) bool { return len(w) < 5 }) // which stands anywhere
	for i, w := range words {
		words[i] = regexp.QuoteMeta(w)
	}
	return regexp.MustCompile("(?i)" + strings.Join(words, "|"))
}
