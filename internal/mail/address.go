package mail

import "threadline/internal/crm"

// ParseAddressList reads an address list as people write them: what cannot be
// understood is kept in Raw, and never costs its neighbours.
func ParseAddressList(role crm.Role, list string) []crm.Participant {
	a, err := crm.ParseAddress(list)
	if err != nil {
		return []crm.Participant{{Role: role, Raw: list}}
	}
	return []crm.Participant{{Role: role, Address: a}}
}
