package crm

import (
	"strconv"
	"time"
)

// dayHours are the hours that a rolling day touches: it never counts too few.
const dayHours = 25

// CampaignHours are the ids of the counters of what campaigns sent from a mailbox
// in each of the hours that the last 24 touch, the present one first.
func CampaignHours(m MailboxID, now Time) []string {
	hour := now.Std().Unix() / int64(time.Hour/time.Second)
	ids := make([]string, dayHours, dayHours+1)
	for i := range ids {
		ids[i] = "sent_" + string(m) + "_" + strconv.FormatInt(hour-int64(i), 10)
	}
	return ids
}
