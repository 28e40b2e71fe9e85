package timelinetest

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"

	"threadline/internal/crm"
	"threadline/internal/store"
)

// Sizes of a bulk world: of so many messages there is a contact to every fifth,
// a company to five contacts and a deal to ten.
const (
	perContact  = 5
	perCompany  = 5
	perDeal     = 10
	bulkRecords = 200
	bulkMails   = 500
)

// Bulk fills a world with made-up mail of many contacts, as the ledger would
// have linked it, and returns the ids of the messages in random order. Filling
// a world again only returns the ids.
func (w *World) Bulk(messages int) []crm.MessageID {
	w.T.Helper()
	ids := make([]crm.MessageID, messages)
	for i := range ids {
		ids[i] = bulkMessage(i)
	}
	docs, err := store.Messages.GetMany(w.T.Context(), w.Space, []string{string(ids[messages-1])})
	must(w.T, err)
	if !docs[0].Exists() {
		contacts := max(messages/perContact, 1)
		w.bulkRecords(contacts)
		w.bulkMails(messages, contacts)
	}
	rand.New(rand.NewPCG(1, 2)).Shuffle(len(ids), func(i, j int) { ids[i], ids[j] = ids[j], ids[i] })
	return ids
}

func bulkMessage(i int) crm.MessageID {
	return crm.MessageID(crm.DerivedID(crm.PrefixMessage, crm.IDKey("bulk"), fmt.Sprint(i)))
}

func bulkRecord(prefix string, i int) crm.RecordID {
	return crm.RecordID(crm.DerivedID(prefix, crm.IDKey("bulk"), fmt.Sprint(i)))
}

func bulkAddress(contact int) crm.Address {
	return crm.Address(fmt.Sprintf("person%d@company%d.example", contact, contact/perCompany))
}

func (w *World) bulkRecords(contacts int) {
	w.T.Helper()
	at := crm.At(Start.AddDate(-1, 0, 0))
	for from := 0; from < contacts; from += bulkRecords {
		_, err := w.Space.Change(w.T.Context(), store.ChangeInfo{Cause: crm.CauseImport}, func(_ context.Context, tx *store.Tx) error {
			for i := from; i < min(from+bulkRecords, contacts); i++ {
				company := bulkRecord("com", i/perCompany)
				w.bulkOne(tx, crm.Record{ID: bulkRecord("con", i), Kind: crm.KindContact, CreatedAt: at, Values: map[string]any{
					"name": fmt.Sprintf("Person %d", i), "title": "Buyer", "emails": []string{string(bulkAddress(i))}, "company": string(company), "owner": string(Anna)}})
				if i%perCompany == 0 {
					w.bulkOne(tx, crm.Record{ID: company, Kind: crm.KindCompany, CreatedAt: at, Values: map[string]any{
						"name": fmt.Sprintf("Company %d", i/perCompany), "domains": []string{string(bulkAddress(i).Domain())}}})
				}
				if i%perDeal == 0 {
					w.bulkOne(tx, crm.Record{ID: bulkRecord("dea", i/perDeal), Kind: crm.KindDeal, CreatedAt: at, Values: map[string]any{
						"name": fmt.Sprintf("Deal %d", i/perDeal), "pipeline": "sales", "stage": "proposal", "stage_kind": "open", "amount": int64(100000),
						"currency": "EUR", "company": string(company), "contacts": []string{string(bulkRecord("con", i))}, "created": at}})
				}
			}
			return nil
		})
		must(w.T, err)
	}
}

func (w *World) bulkOne(tx *store.Tx, r crm.Record) {
	store.Records.Create(tx, &r)
	for _, t := range r.Tokens() {
		store.Identities.Create(tx, &crm.Identity{ID: crm.IdentityID(w.Key, t), Token: t, Holders: []crm.Holder{{Record: r.ID}}})
	}
}

func (w *World) bulkMails(messages, contacts int) {
	w.T.Helper()
	r := rand.New(rand.NewPCG(3, 4))
	for from := 0; from < messages; from += bulkMails {
		b := w.Space.Batch()
		for i := from; i < min(from+bulkMails, messages); i++ {
			m := bulkMail(i, r.IntN(contacts))
			store.Messages.Create(b, &m)
		}
		must(w.T, b.Commit(w.T.Context()))
	}
}

// bulkMail is a mail between Anna and a contact, of about 1.5 KB.
func bulkMail(i, contact int) crm.Message {
	id, addr := bulkMessage(i), bulkAddress(contact)
	rfc := crm.RFCID(fmt.Sprintf("%d.bulk@mail.example", i))
	m := crm.Message{ID: id, RFCID: rfc, Mentions: []crm.RFCID{rfc}, Date: crm.At(Start) - crm.Time(i)*60_000_000,
		Subject: fmt.Sprintf("Offer %d for the next quarter", i), Snippet: strings.Repeat("words and more words ", 9),
		Participants: []crm.Participant{{Role: crm.RoleFrom, Address: addr, Name: fmt.Sprintf("Person %d", contact)}, {Role: crm.RoleTo, Address: AnnaAtWork, Name: "Anna"}},
		Class:        crm.ClassPerson, Direction: crm.Inbound, Flags: []crm.Flag{crm.FlagSeen}, Size: 5000, Thread: crm.ThreadID(id), RuleSet: crm.RuleSet,
		Copies: []crm.CopyRef{{Copy: crm.CopyID("cpy" + id[3:]), Mailbox: AnnaMail, Box: "box_bulk"}}, Owners: []crm.UserID{Anna},
		Seek: []crm.Token{crm.AddressToken(addr), crm.DomainToken(addr.Domain())},
		Links: []crm.Link{
			{Record: bulkRecord("con", contact), Rule: crm.ByAddress, Confidence: 99, Evidence: crm.Evidence{Role: crm.RoleFrom, Address: addr}},
			{Record: bulkRecord("com", contact/perCompany), Rule: crm.ByContact, Confidence: 90, Evidence: crm.Evidence{Via: bulkRecord("con", contact), Role: crm.RoleFrom, Address: addr}},
		}}
	if contact%perDeal == 0 {
		m.Links = append(m.Links, crm.Link{Record: bulkRecord("dea", contact/perDeal), Rule: crm.ByOnlyDeal, Confidence: 85,
			Evidence: crm.Evidence{Via: bulkRecord("con", contact)}})
	}
	m.Feed = []crm.FeedToken{crm.Feed(crm.AllRecords, crm.Members)}
	for _, l := range m.Links {
		m.Feed = append(m.Feed, crm.Feed(l.Record, crm.Members))
	}
	return m
}
