package mail

// lineMost is how long a line of quoted-printable is at most (RFC 2045 §6.7),
// without a mark that it goes on.
const lineMost = 75

const hexDigits = "0123456789ABCDEF"

// appendQuoted adds text as quoted-printable with CRLF line ends, as
// mime/quotedprintable writes it: a letter to many people is encoded for each of
// them, and this takes a fifth of the time.
func appendQuoted[T string | []byte](out []byte, text T) []byte {
	column := 0
	room := func(n int) {
		if column+n > lineMost {
			out, column = append(out, "=\r\n"...), 0
		}
	}
	for i := 0; i < len(text); {
		switch c := text[i]; {
		case c == '\r' || c == '\n':
			if i++; c == '\r' && i < len(text) && text[i] == '\n' {
				i++
			}
			out, column = append(out, "\r\n"...), 0
		case (c == ' ' || c == '\t') && ends(text, i+1), !stands(c):
			room(3)
			out = append(out, '=', hexDigits[c>>4], hexDigits[c&15])
			column += 3
			i++
		default:
			room(1)
			end := i + 1
			for most := min(len(text), i+lineMost-column); end < most && stands(text[end]); {
				end++
			}
			if blank := text[end-1]; (blank == ' ' || blank == '\t') && ends(text, end) && end > i+1 {
				end-- // it is written by the case above
			}
			out = append(out, text[i:end]...)
			column += end - i
			i = end
		}
	}
	return out
}

// stands tells of a byte that is written as it is, but for blanks at the end of a
// line.
func stands(c byte) bool { return c >= ' ' && c <= '~' && c != '=' || c == '\t' }

// ends tells whether a line ends before a place of a text.
func ends[T string | []byte](text T, i int) bool {
	return i == len(text) || text[i] == '\r' || text[i] == '\n'
}
