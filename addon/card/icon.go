package card

// Icon is one of the icons that every host has built in. Images of our own
// would be fetched and kept by the host's proxy.
type Icon uint8

const (
	NoIcon Icon = iota
	IconBookmark
	IconClock
	IconNote
	IconMoney
	IconMail
	IconInvite
	IconPeople
	IconPerson
	IconPhone
	IconStar
	IconCompany
	IconTicket
)

var iconNames = [...]string{
	IconBookmark: "BOOKMARK", IconClock: "CLOCK", IconNote: "DESCRIPTION", IconMoney: "DOLLAR",
	IconMail: "EMAIL", IconInvite: "INVITE", IconPeople: "MULTIPLE_PEOPLE", IconPerson: "PERSON",
	IconPhone: "PHONE", IconStar: "STAR", IconCompany: "STORE", IconTicket: "TICKET",
}

type iconJSON struct {
	KnownIcon string `json:"knownIcon"`
	AltText   string `json:"altText,omitempty"`
}

func (i Icon) json(alt string) *iconJSON {
	if i == NoIcon || int(i) >= len(iconNames) {
		return nil
	}
	return &iconJSON{KnownIcon: iconNames[i], AltText: clean(alt)}
}
