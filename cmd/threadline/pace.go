package main

import (
	"strconv"
	"strings"

	"github.com/spf13/pflag"

	"threadline/internal/crm"
)

// paceFlags say how fast and when campaigns and sequences send.
type paceFlags struct {
	perDay, perMinute, perDomain, warmup int
	from, to, zone                       string
	recipient                            bool
}

func (f *paceFlags) on(flags *pflag.FlagSet) {
	flags.IntVar(&f.perDay, "per-day", 200, "mails in any 24 hours")
	flags.IntVar(&f.perMinute, "per-minute", 20, "mails a minute")
	flags.IntVar(&f.perDomain, "per-domain", 0, "mails a minute to one domain")
	flags.IntVar(&f.warmup, "warmup", 0, "mails of a new mailbox on its first day; half as many again on each day after")
	flags.StringVar(&f.from, "from", "", "hour from which it sends, such as 09:00")
	flags.StringVar(&f.to, "to", "", "hour up to which it sends")
	flags.StringVar(&f.zone, "zone", "", "where those hours are meant; left out: in the workspace's zone")
	flags.BoolVar(&f.recipient, "recipient-zone", false, "mean them where the recipient is, when that is known")
}

// body is the pace as the API takes it.
func (f *paceFlags) body() (map[string]any, error) {
	from, err := minuteOf(f.from, "from")
	if err != nil {
		return nil, err
	}
	to, err := minuteOf(f.to, "to")
	if err != nil {
		return nil, err
	}
	return map[string]any{"per_day": f.perDay, "per_minute": f.perMinute, "per_domain": f.perDomain, "warmup": f.warmup,
		"from": from, "to": to, "zone": f.zone, "recipient": f.recipient}, nil
}

// minuteOf reads an hour of the day.
func minuteOf(text, field string) (int, error) {
	if text == "" {
		return 0, nil
	}
	hour, minute, _ := strings.Cut(text, ":")
	h, errHour := strconv.Atoi(hour)
	min, errMinute := strconv.Atoi(minute)
	if errHour != nil || errMinute != nil || h < 0 || min < 0 || min > 59 || h*60+min > 24*60 {
		return 0, crm.Errorf(crm.Invalid, "minuteOf", "%q is no hour", text).WithField(field).WithHint("such as 09:00")
	}
	return h*60 + min, nil
}
