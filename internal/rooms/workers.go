package rooms

import (
	"context"

	"threadline/internal/campaign"
	"threadline/internal/meeting"
	"threadline/internal/notify"
	"threadline/internal/track"
	"threadline/sync/engine"
)

// Worker is work in the background that lasts as long as its context.
type Worker struct {
	Name string
	Run  func(context.Context) error
}

// Workers are what follows the changes of the workspace. Any number of processes
// may run them; mail carries notices to people.
func (r *Rooms) Workers(mail notify.Mailer) []Worker {
	return []Worker{
		{"links", r.Follower.Run},
		{"mail of new contacts", engine.NewAcquainter(r.Engine, r.log).Run},
		{"audiences", r.Records.KeepMarked},
		{"audit", r.Sealer.Run},
		{"notices", notify.NewNotifier(r.Space, r.Records, mail, r.log).Run},
		{"retention", func(ctx context.Context) error { return r.Erase.Run(ctx, r.log) }},
		{"figures", r.Figures.Run},
		{"meetings", meeting.New(r.Space, r.Records, r.Bodies, r.Blobs, r.log).Run},
		{"search", r.Indexer.Run},
		{"tracking", r.Track.Run},
		{"tracked mails", track.NewFollower(r.Space, r.Bodies, r.Blobs, r.signing, r.Campaigns.MayTrack, r.log).Run},
		{"sums of tracking", func(ctx context.Context) error { return track.NewFolder(r.Space, r.log).Run(ctx, r.Track.Ready()) }},
	}
}

// signing reads the keys by which addresses of tracking are signed.
func (r *Rooms) signing(ctx context.Context) (track.Links, error) { return r.Campaigns.Links(ctx, "") }

// undress takes out of a page what tracks it; without the keys it stays as it is.
func (r *Rooms) undress(ctx context.Context, page string) string {
	links, err := r.signing(ctx)
	if err != nil {
		return page
	}
	return links.Undress(page)
}

// Senders are what sends mail, and follows what comes back.
func (r *Rooms) Senders(cfg campaign.Config) []Worker {
	return []Worker{
		{"outbox", r.Outbox.Run},
		{"answers while away", r.Away.Run},
		{"campaigns", func(ctx context.Context) error { return r.Campaigns.Run(ctx, cfg) }},
		{"returns", campaign.NewFollower(r.Campaigns, r.Bodies, r.Blobs, r.log, r.Sequences.Listener()).Run},
	}
}
