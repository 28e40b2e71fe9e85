package api

import (
	"context"
	"net/http"

	"threadline/internal/campaign"
	"threadline/internal/crm"
	"threadline/internal/job"
	"threadline/internal/preflight"
	"threadline/internal/store"
)

// campaignRoutes serve letters to many people, their ledger, and who gets none.
func (s *Server) campaignRoutes() {
	const all, one, gone = "/api/v1/campaigns", "/api/v1/campaigns/{id}", "/api/v1/suppressions"
	add(s, get(all, "list-campaigns", "Campaigns, newest first", "campaigns"), s.listCampaigns)
	add(s, made(post(all, "create-campaign", "Make a campaign; nothing is sent", "campaigns")), s.makeCampaign)
	add(s, get(one, "get-campaign", "A campaign, with how many recipients are in which state", "campaigns"), s.getCampaign)
	add(s, route{method: http.MethodPut, path: one, id: "replace-campaign", summary: "Change a campaign of which nothing was sent", tag: "campaigns"}, s.replaceCampaign)
	add(s, post(one+"/prepare", "prepare-campaign", "Write every recipient down, with why they get the letter or not; nothing is sent", "campaigns"), s.prepareCampaign)
	add(s, get(one+"/recipients", "list-recipients", "The ledger of a campaign", "campaigns"), s.listRecipients)
	add(s, post(one+"/start", "start-campaign", "Send, or go on sending, to whom the ledger says", "campaigns"), s.startCampaign)
	add(s, slow(get(one+"/checks", "check-campaign", "What receivers would say to the first mail, and how to mend it", "campaigns")), s.checkCampaign)
	add(s, post(one+"/pause", "pause-campaign", "Stop sending within the group that is under way", "campaigns"), s.moving(s.deps.Campaigns.Pause, "pause a campaign"))
	add(s, post(one+"/cancel", "cancel-campaign", "Stop a campaign for good", "campaigns"), s.moving(s.deps.Campaigns.Cancel, "cancel a campaign"))
	add(s, post(one+"/retry", "retry-campaign", "Try those again who failed; nobody of them had the letter", "campaigns"), s.moving(s.deps.Campaigns.Retry, "try a campaign again"))
	add(s, post(one+"/unknown", "settle-unknown", "Say of whom nobody knows whether they got the letter, and nobody looks up any more: send it to them, or count it as sent", "campaigns"), s.settleUnknown)
	add(s, get(one+"/results", "campaign-results", "What came of a campaign, and when it will be through", "campaigns"), s.campaignResults)
	add(s, get(gone, "list-suppressions", "Addresses that get no campaign, the last one first", "campaigns"), s.listSuppressions)
	add(s, post(gone, "suppress", "Keep every campaign away from an address", "campaigns"), s.suppress)
	add(s, post(gone+"/import", "import-suppressions", "Keep every campaign away from many addresses", "campaigns"), s.importSuppressions)
	add(s, remove(gone+"/{address}", "release", "Let campaigns write to an address again, or those of one purpose", "campaigns"), s.release)
	s.leaveRoutes()
	s.trackRoutes()
	s.mailingRoutes()
	s.sequenceRoutes()
	s.signerRoutes()
}

// CampaignRef names a campaign.
type CampaignRef struct {
	ID string `path:"id" maxLength:"60"`
}

// CampaignBody is what a person writes of a campaign.
type CampaignBody struct {
	Name      string            `json:"name" maxLength:"800"`
	Template  string            `json:"template" maxLength:"60"`
	Audience  string            `json:"audience,omitempty" maxLength:"10000" doc:"Contacts, in the query language"`
	Segment   string            `json:"segment,omitempty" maxLength:"60" doc:"In place of an audience: id of a segment of contacts"`
	Mailbox   crm.MailboxID     `json:"mailbox" maxLength:"60" doc:"One of your own, by which it is sent"`
	Spare     crm.CampaignSpare `json:"spare,omitempty"`
	Pace      crm.Pace          `json:"pace"`
	Track     crm.TrackMode     `json:"track,omitempty" enum:",aggregate,individual" doc:"What is found out about reading; empty: nothing"`
	Marketing bool              `json:"marketing,omitempty" doc:"Offers to many: needs the postal address and a way to leave"`
	Purpose   string            `json:"purpose,omitempty" maxLength:"40" doc:"Key of what it is for, which people may leave by itself"`
}

func (b *CampaignBody) draft() campaign.Draft {
	return campaign.Draft{Name: b.Name, Template: b.Template, Audience: b.Audience, Segment: b.Segment, Mailbox: b.Mailbox, Spare: b.Spare, Pace: b.Pace, Track: b.Track, Marketing: b.Marketing, Purpose: b.Purpose}
}

type campaignView struct {
	crm.Campaign
	Recipients map[crm.RecipientState]int64 `json:"recipients,omitempty" doc:"How many are in which state"`
	Version    string                       `json:"version,omitempty" doc:"For If-Match"`
	Batch      string                       `json:"batch,omitempty" doc:"Of the write just made, to undo it; what was sent cannot be undone"`
	Again      int                          `json:"again,omitempty" doc:"Of a retry, or a word on who is not known: how many it is about"`
}

func (s *Server) listCampaigns(ctx context.Context, in *PageQuery) (*body[items[crm.Campaign]], error) {
	page, err := s.deps.Campaigns.List(ctx, viewerOf(ctx), in.Limit, in.Cursor)
	return pageOf(page), err
}

// pageOf is a page of the store as an answer.
func pageOf[T any](p store.Page[T]) *body[items[T]] {
	out := listed(p.Values())
	out.Body.Next = p.Next
	return out
}

func (s *Server) makeCampaign(ctx context.Context, in *struct{ Body CampaignBody }) (*body[campaignView], error) {
	done, err := s.deps.Campaigns.Create(ctx, viewerOf(ctx), changed(ctx, "make the campaign "+crm.Clip(in.Body.Name, 60)), in.Body.draft())
	return answer(campaignView{Campaign: done.Campaign, Version: versionText(done.Version), Batch: done.Batch}), err
}

type campaignEdit struct {
	CampaignRef
	Matched
	Body CampaignBody
}

func (s *Server) replaceCampaign(ctx context.Context, in *campaignEdit) (*body[campaignView], error) {
	version, err := in.version("")
	if err != nil {
		return nil, err
	}
	done, err := s.deps.Campaigns.Edit(ctx, viewerOf(ctx), changed(ctx, "change the campaign "+crm.Clip(in.Body.Name, 60)), in.ID, in.Body.draft(), version)
	return answer(campaignView{Campaign: done.Campaign, Version: versionText(done.Version), Batch: done.Batch}), blameNotFound(err, "id")
}

func (s *Server) getCampaign(ctx context.Context, in *CampaignRef) (*body[campaignView], error) {
	doc, err := s.deps.Campaigns.Get(ctx, viewerOf(ctx), in.ID)
	if err != nil {
		return nil, blameNotFound(err, "id")
	}
	figures, err := s.deps.Campaigns.Figures(ctx, viewerOf(ctx), in.ID)
	return answer(campaignView{Campaign: doc.Value, Version: versionText(doc.Version), Recipients: figures}), err
}

func (s *Server) prepareCampaign(ctx context.Context, in *CampaignRef) (*body[job.Progress], error) {
	p, err := s.deps.Campaigns.Prepare(ctx, viewerOf(ctx), changed(ctx, "write the recipients of a campaign down"), s.deps.Jobs, in.ID)
	return answer(p), blameNotFound(err, "id")
}

type recipientQuery struct {
	CampaignRef
	PageQuery
	State crm.RecipientState `query:"state" enum:"excluded,queued,claimed,sent,failed,unknown"`
}

func (s *Server) listRecipients(ctx context.Context, in *recipientQuery) (*body[items[campaign.Watched]], error) {
	page, err := s.deps.Campaigns.Ledger(ctx, viewerOf(ctx), in.ID, in.State, in.Limit, in.Cursor)
	if err != nil {
		return nil, blameNotFound(err, "id")
	}
	list, err := s.deps.Campaigns.Watch(ctx, page)
	out := listed(list)
	out.Body.Next = page.Next
	return out, err
}

func (s *Server) campaignResults(ctx context.Context, in *CampaignRef) (*body[campaign.Results], error) {
	out, err := s.deps.Campaigns.Results(ctx, viewerOf(ctx), in.ID)
	return answer(out), blameNotFound(err, "id")
}

// startInput is a start, perhaps against what the checks say.
type startInput struct {
	CampaignRef
	Anyway bool `query:"anyway" doc:"Although a check refuses it"`
}

func (s *Server) startCampaign(ctx context.Context, in *startInput) (*body[campaignView], error) {
	step := s.deps.Campaigns.Begin
	if in.Anyway {
		step = s.deps.Campaigns.Start
	}
	return s.moving(step, "start a campaign")(ctx, &in.CampaignRef)
}

func (s *Server) checkCampaign(ctx context.Context, in *CampaignRef) (*body[items[preflight.Finding]], error) {
	found, err := s.deps.Campaigns.Checks(ctx, viewerOf(ctx), in.ID)
	return listed(found), blameNotFound(err, "id")
}

// moving makes the handler of a step that a person takes.
func (s *Server) moving(step campaign.Step, title string) func(context.Context, *CampaignRef) (*body[campaignView], error) {
	return func(ctx context.Context, in *CampaignRef) (*body[campaignView], error) {
		done, err := step(ctx, viewerOf(ctx), changed(ctx, title), in.ID)
		return answer(campaignView{Campaign: done.Campaign, Batch: done.Batch, Again: done.Again}), blameNotFound(err, "id")
	}
}

// settleInput is a person's word on those of whom nobody knows.
type settleInput struct {
	CampaignRef
	Body struct {
		Send      bool     `json:"send" doc:"Send them the letter, which they may have; else they count as having got it"`
		Addresses []string `json:"addresses,omitempty" maxItems:"10000" doc:"Left out: all of them"`
	}
}

func (s *Server) settleUnknown(ctx context.Context, in *settleInput) (*body[campaignView], error) {
	how := campaign.Settling{Send: in.Body.Send}
	for _, text := range in.Body.Addresses {
		a, err := crm.ParseAddress(text)
		if err != nil {
			return nil, blame(err, "addresses")
		}
		how.To = append(how.To, a)
	}
	title := "count letters as sent"
	if how.Send {
		title = "send letters of which nobody knows"
	}
	done, err := s.deps.Campaigns.Settle(ctx, viewerOf(ctx), changed(ctx, title), in.ID, how)
	return answer(campaignView{Campaign: done.Campaign, Batch: done.Batch, Again: done.Again}), blameNotFound(err, "id")
}

func (s *Server) listSuppressions(ctx context.Context, in *PageQuery) (*body[items[crm.Suppression]], error) {
	page, err := s.deps.Campaigns.Suppressed(ctx, viewerOf(ctx), in.Limit, in.Cursor)
	return pageOf(page), err
}

type suppressInput struct {
	Body struct {
		Address string `json:"address" maxLength:"254"`
	}
}

func (s *Server) suppress(ctx context.Context, in *suppressInput) (*body[batched], error) {
	if err := viewerOf(ctx).Require(crm.RightCampaigns); err != nil {
		return nil, err
	}
	a, err := crm.ParseAddress(in.Body.Address)
	if err != nil {
		return nil, blame(err, "address")
	}
	batch, err := s.deps.Campaigns.Suppress(ctx, changed(ctx, "suppress an address"), a, crm.SuppressedManual, "")
	return answer(batched{batch}), err
}

type suppressionsInput struct {
	Body struct {
		Addresses []string `json:"addresses" maxItems:"10000"`
		Purpose   string   `json:"purpose,omitempty" maxLength:"40" doc:"Key of what alone they do not want mail about; empty: anything"`
	}
}

// importedSuppressions is what came of a list of addresses.
type importedSuppressions struct {
	Added   int           `json:"added"`
	Known   int           `json:"known" doc:"Suppressed before, or named before in this list"`
	Refused []refusedItem `json:"refused"`
	Batch   string        `json:"batch" doc:"To undo it; empty when nothing changed"`
}

type refusedItem struct {
	Index  int    `json:"index" doc:"In the list, from 0"`
	Detail string `json:"detail"`
}

func (s *Server) importSuppressions(ctx context.Context, in *suppressionsInput) (*body[importedSuppressions], error) {
	if err := viewerOf(ctx).Require(crm.RightCampaigns); err != nil {
		return nil, err
	}
	out := importedSuppressions{Refused: []refusedItem{}}
	var list []crm.Address
	for i, text := range in.Body.Addresses {
		a, err := crm.ParseAddress(text)
		if err != nil {
			out.Refused = append(out.Refused, refusedItem{Index: i, Detail: err.Error()})
			continue
		}
		list = append(list, a)
	}
	var err error
	out.Added, out.Batch, err = s.deps.Campaigns.SuppressAll(ctx, changed(ctx, "suppress addresses"), list,
		crm.Suppression{Reason: crm.SuppressedManual, Purpose: in.Body.Purpose})
	out.Known = len(list) - out.Added
	return answer(out), err
}

// SuppressionRef names the address of a suppression or a consent.
type SuppressionRef struct {
	Address string `path:"address" maxLength:"254"`
}

type suppressionLift struct {
	SuppressionRef
	Purpose string `query:"purpose" maxLength:"40" doc:"Key of what alone is let through again; left out: what holds for all mail"`
}

func (s *Server) release(ctx context.Context, in *suppressionLift) (*body[batched], error) {
	a, err := crm.ParseAddress(in.Address)
	if err != nil {
		return nil, blame(err, "address")
	}
	batch, err := s.deps.Campaigns.Release(ctx, viewerOf(ctx), changed(ctx, "release an address"), a, in.Purpose)
	return answer(batched{batch}), err
}
