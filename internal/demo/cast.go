package demo

import "threadline/internal/crm"

func workspace() Workspace {
	return Workspace{
		Name: "Brightwell Filtration", OwnDomain: "brightwell.example",
		FreeMail: []crm.Domain{"postbox.example", "poczta24.example", "laposte-libre.example"},
		Currency: "EUR", Zone: "Europe/Dublin",
	}
}

func nora() Person    { return Person{"Nora Keane", "nora@brightwell.example"} }
func tom() Person     { return Person{"Tom Ashby", "tom@brightwell.example"} }
func ines() Person    { return Person{"Ines Duarte", "ines@brightwell.example"} }
func siobhan() Person { return Person{"Siobhán Daly", "siobhan@brightwell.example"} }
func paul() Person    { return Person{"Paul Brightwell", "paul@brightwell.example"} }
func sales() Person   { return Person{"Brightwell Sales", "sales@brightwell.example"} }
func team() Person    { return Person{"All at Brightwell", "team@brightwell.example"} }

func companies() []Company {
	return []Company{
		{"Cask & Harbour Brewing Ltd", dom("caskharbour.example"), tel("+35391555010"), "https://www.caskharbour.example", "Galway", "en", "EUR"},
		{"Pennine Joinery Ltd", dom("pennine-joinery.example"), tel("+441484555020"), "https://pennine-joinery.example", "Huddersfield", "en", "GBP"},
		{"Orchard Lane Bakery", nil, tel("+441225555030"), "", "Bath", "en", "GBP"},
		{"Northline Coatings plc", dom("northline.example", "northline-group.example"), tel("+441325555040"), "https://northline.example", "Darlington", "en", "GBP"},
		{"Tidewater Oats Ltd", dom("tidewateroats.example"), tel("+35351555050"), "https://tidewateroats.example", "Waterford", "en", "EUR"},
		{"Maison Ferrand SARL", dom("maison-ferrand.example"), tel("+33472555060"), "https://www.maison-ferrand.example", "Villeurbanne", "fr", "EUR"},
		{"Menuiserie Delcourt SAS", dom("delcourt-menuiserie.example"), tel("+33320555070"), "https://delcourt-menuiserie.example", "Roubaix", "fr", "EUR"},
		{"Brasserie des Trois Sources", dom("trois-sources.example"), tel("+33389555080"), "https://trois-sources.example", "Colmar", "fr", "EUR"},
		{"Molino Bassetti S.r.l.", dom("molinobassetti.example"), tel("+39059555090"), "https://molinobassetti.example", "Modena", "it", "EUR"},
		{"Falegnameria Riva S.n.c.", dom("falegnameriariva.example"), tel("+39031555100"), "https://falegnameriariva.example", "Cantù", "it", "EUR"},
		{"Torrefazione Sant'Elia S.p.A.", dom("santelia.example"), tel("+39080555110"), "https://santelia.example", "Bari", "it", "EUR"},
		{"Piekarnia Złoty Kłos sp. z o.o.", dom("zlotyklos.example"), tel("+48425550120"), "https://zlotyklos.example", "Łódź", "pl", "PLN"},
		{"Stolarnia Dąbrowa", dom("stolarnia-dabrowa.example"), tel("+48145550130"), "https://stolarnia-dabrowa.example", "Tarnów", "pl", "PLN"},
		{"Browar pod Wieżą S.A.", dom("browarpodwieza.example"), tel("+48565550140"), "https://browarpodwieza.example", "Toruń", "pl", "PLN"},
	}
}

// role is a contact with the habits of their mail.
type role struct {
	Contact
	greet string // how the rep begins a mail to them
	style style
}

func styleUTF8() style {
	return style{charset: utf8Name, transfer: "quoted-printable", reply: "Re: "}
}
func stylePlain() style {
	return style{charset: utf8Name, transfer: "8bit", plain: true, reply: "Re: "}
}
func styleRaw() style {
	return style{charset: utf8Name, transfer: "8bit", rawHeader: true, plain: true, reply: "Odp: "}
}
func styleLatin2() style {
	return style{charset: "iso-8859-2", transfer: "quoted-printable", reply: "Odp: ", mailer: "Poczta Firmowa 7.2"}
}
func styleWin1252() style {
	return style{charset: "windows-1252", transfer: "quoted-printable", outlook: true, reply: "RE: ", mailer: "Correspondance 16.0"}
}
func styleWin8bit() style {
	return style{charset: "windows-1252", transfer: "8bit", plain: true, reply: "Re: "}
}
func styleBase64() style { return style{charset: utf8Name, transfer: "base64", reply: "R: "} }
func styleGroup() style {
	return style{charset: utf8Name, transfer: "quoted-printable", outlook: true, lastFirst: true, reply: "RE: ", mailer: "GroupDesk 12"}
}

func dom(l ...crm.Domain) []crm.Domain   { return l }
func tel(l ...crm.Phone) []crm.Phone     { return l }
func box(l ...crm.Address) []crm.Address { return l }

// cast lists the contacts by company.
func cast() []role {
	return []role{
		{Contact{"Declan Moran", "Head Brewer", box("declan@caskharbour.example"), tel("+353875550111"), 0, "en"}, "Hi Declan,", styleUTF8()},
		{Contact{"Aoife Brennan", "Purchasing", box("aoife.brennan@caskharbour.example", "aoife.b@postbox.example"), tel("+353875550112"), 0, "en"}, "Hi Aoife,", styleUTF8()},
		{Contact{"Sarah Whitlock", "Operations Manager", box("s.whitlock@pennine-joinery.example"), tel("+447700900121"), 1, "en"}, "Dear Sarah,", styleGroup()},
		{Contact{"Graham Pugh", "Workshop Foreman", box("g.pugh@pennine-joinery.example"), nil, 1, "en"}, "Hello Graham,", styleGroup()},
		{Contact{"Priya Nair", "Owner", box("orchardlane.bakery@postbox.example", "priya.nair@postbox.example"), tel("+447700900131"), 2, "en"}, "Hi Priya,", stylePlain()},
		{Contact{"Callum Reid", "Plant Engineer", box("callum.reid@northline.example", "callum.reid@northline-group.example"), tel("+447700900141"), 3, "en"}, "Hi Callum,", styleGroup()},
		{Contact{"Helen Voss", "Finance Director", box("helen.voss@northline-group.example"), nil, 3, "en"}, "Dear Ms Voss,", styleGroup()},
		{Contact{"Ruth Adeyemi", "Production Manager", box("ruth.adeyemi@tidewateroats.example"), tel("+353865550151"), 4, "en"}, "Hi Ruth,", styleUTF8()},
		{Contact{"Hélène Ferrand", "Gérante", box("helene@maison-ferrand.example", "helene.ferrand@laposte-libre.example"), tel("+33612555161"), 5, "fr"}, "Bonjour Madame Ferrand,", styleWin1252()},
		{Contact{"Luc Barbier", "Responsable technique", box("l.barbier@maison-ferrand.example"), nil, 5, "fr"}, "Bonjour Luc,", styleWin1252()},
		{Contact{"Benoît Delcourt", "Président", box("benoit@delcourt-menuiserie.example"), tel("+33612555171"), 6, "fr"}, "Bonjour Monsieur Delcourt,", styleWin8bit()},
		{Contact{"François Lemaître", "Responsable achats", box("achats@delcourt-menuiserie.example", "f.lemaitre@delcourt-menuiserie.example"), nil, 6, "fr"}, "Bonjour Monsieur Lemaître,", styleWin1252()},
		{Contact{"Émilie Garnier", "Maître brasseur", box("emilie.garnier@trois-sources.example"), tel("+33612555181"), 7, "fr"}, "Bonjour Émilie,", styleUTF8()},
		{Contact{"Giulia Bassetti", "Responsabile acquisti", box("g.bassetti@molinobassetti.example"), tel("+393405550191"), 8, "it"}, "Gentile dott.ssa Bassetti,", styleBase64()},
		{Contact{"Andrea Conti", "Ufficio tecnico", box("a.conti@molinobassetti.example"), nil, 8, "it"}, "Buongiorno Andrea,", styleBase64()},
		{Contact{"Niccolò Riva", "Titolare", box("niccolo@falegnameriariva.example"), tel("+393405550201"), 9, "it"}, "Buongiorno signor Riva,", styleUTF8()},
		{Contact{"Caterina Moretti", "Direttrice di produzione", box("caterina.moretti@santelia.example"), tel("+393405550211"), 10, "it"}, "Gentile dott.ssa Moretti,", styleWin1252()},
		{Contact{"Małgorzata Wiśniewska", "Kierownik produkcji", box("m.wisniewska@zlotyklos.example"), tel("+48600555221"), 11, "pl"}, "Dzień dobry, Pani Małgorzato,", styleLatin2()},
		{Contact{"Krzysztof Łuczak", "Dział zakupów", box("zakupy@zlotyklos.example", "k.luczak@zlotyklos.example"), tel("+48600555222"), 11, "pl"}, "Dzień dobry, Panie Krzysztofie,", styleLatin2()},
		{Contact{"Grzegorz Żak", "Właściciel", box("grzegorz.zak@poczta24.example", "biuro@stolarnia-dabrowa.example"), tel("+48600555231"), 12, "pl"}, "Dzień dobry, Panie Grzegorzu,", styleRaw()},
		{Contact{"Agnieszka Sęk", "Specjalista ds. zakupów", box("agnieszka.sek@browarpodwieza.example"), tel("+48600555241"), 13, "pl"}, "Dzień dobry, Pani Agnieszko,", styleUTF8()},
		{Contact{"Paweł Gołąb", "Główny mechanik", box("pawel.golab@browarpodwieza.example"), nil, 13, "pl"}, "Dzień dobry, Panie Pawle,", styleLatin2()},
	}
}

func contacts() []Contact {
	roles := cast()
	out := make([]Contact, len(roles))
	for i, r := range roles {
		out[i] = r.Contact
	}
	return out
}

// product is what the firm sells, named in the four languages.
type product struct{ en, fr, it, pl string }

func products() map[string]product {
	return map[string]product{
		"bw200": {"BW-200 extraction unit", "groupe d'aspiration BW-200", "gruppo aspirante BW-200", "odciąg BW-200"},
		"bw400": {"BW-400 extraction unit", "groupe d'aspiration BW-400", "gruppo aspirante BW-400", "odciąg BW-400"},
		"bw600": {"BW-600 ATEX extraction unit", "groupe d'aspiration BW-600 ATEX", "gruppo aspirante BW-600 ATEX", "odciąg BW-600 ATEX"},
		"fc12":  {"FC-12 cartridge set", "jeu de cartouches FC-12", "set di cartucce FC-12", "komplet wkładów FC-12"},
		"duct":  {"DK-180 ducting kit", "kit de gaines DK-180", "kit tubazioni DK-180", "zestaw przewodów DK-180"},
	}
}

func (p product) in(language string) string {
	switch language {
	case "fr":
		return p.fr
	case "it":
		return p.it
	case "pl":
		return p.pl
	}
	return p.en
}
