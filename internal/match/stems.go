package match

import "strings"

// stems are beginnings of words, and whole words, with what they stand for. Most
// words have none; that is told by their first letters.
type stems[T any] struct {
	begin, whole map[string]T
	starts       map[string]bool // the first letters of begin
	longest      int
}

// startLetters is the number of letters that the shortest beginning has.
const startLetters = 3

func newStems[T any]() stems[T] {
	return stems[T]{begin: map[string]T{}, whole: map[string]T{}, starts: map[string]bool{}}
}

// at is where the value of a listed text has its place; a text with a point at
// its end is a whole word.
func (s *stems[T]) at(text string) (in map[string]T, key string) {
	if word, ok := strings.CutSuffix(text, "."); ok {
		return s.whole, word
	}
	s.starts[text[:startLetters]] = true
	s.longest = max(s.longest, len(text))
	return s.begin, text
}

// find looks a word up: as a whole, then by its longest known beginning.
func (s *stems[T]) find(word string) (stem string, value T, ok bool) {
	if value, ok = s.whole[word]; ok {
		return word, value, true
	}
	if len(word) < startLetters || !s.starts[word[:startLetters]] {
		return "", value, false
	}
	for n := min(len(word), s.longest); n >= startLetters; n-- {
		if value, ok = s.begin[word[:n]]; ok {
			return word[:n], value, true
		}
	}
	return "", value, false
}
