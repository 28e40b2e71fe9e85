package api

import "testing"

func TestLoneSurrogate(t *testing.T) {
	for text, want := range map[string]bool{
		`{"a":"b"}`:            false,
		`"\ud83d\ude00"`:       false,
		`"\ud83d"`:             true,
		`"\ud83dx"`:            true,
		`"\ude00\ud83d"`:       true,
		`"\ud83d\ud83d\ude00"`: true,
		`"\\ud83d"`:            false, // a backslash, and text
		`"\u00e9\ud83d\ude00"`: false,
		`"\`:                   false,
		`"\ud8`:                false, // the reader of JSON says what is wrong
	} {
		if got := loneSurrogate([]byte(text)); got != want {
			t.Errorf("%s: %v", text, got)
		}
	}
}
