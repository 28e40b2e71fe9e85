package crm

import "strings"

// FreeMail tells whether anybody may have an address at the domain, so that it
// says nothing about a person's company: free-mail services, large internet
// providers, forwarding and throw-away services, and everything below them.
func FreeMail(d Domain) bool {
	for rest, below := string(d), true; below; _, rest, below = strings.Cut(rest, ".") {
		if _, found := isFreeMail[Domain(rest)]; found {
			return true
		}
	}
	return false
}

// isFreeMail has the domains of freeMail: matching asks for every participant.
var isFreeMail = func() map[Domain]struct{} {
	out := make(map[Domain]struct{}, len(freeMail))
	for _, d := range freeMail {
		out[d] = struct{}{}
	}
	return out
}()

// freeMail is sorted; it is data and is not to be changed.
var freeMail = []Domain{
	"012.net.il", "10minutemail.com", "126.com", "139.com", "163.com", "189.cn", "9online.fr", "a1.net",
	"abv.bg", "adres.pl", "aim.com", "alice.it", "aliceadsl.fr", "aliyun.com", "ameritech.net", "amorki.pl",
	"anonaddy.com", "aol.co.uk", "aol.com", "aol.de", "aol.fr", "aol.it", "aon.at", "arcor.de", "atlas.cz",
	"att.net", "autograf.pl", "azet.sk", "bbox.fr", "belgacom.net", "bell.net", "bellsouth.net", "bezeqint.net",
	"bigpond.com", "bigpond.net.au", "bk.ru", "blu.it", "bluewin.ch", "blueyonder.co.uk", "bol.com.br",
	"bredband.net", "btinternet.com", "btopenworld.com", "buziaczek.pl", "caramail.com", "cario.fr",
	"casema.nl", "cegetel.net", "centrum.cz", "centrum.sk", "centurylink.net", "charter.net", "chello.at",
	"chello.nl", "citromail.hu", "clix.pt", "club-internet.fr", "cogeco.ca", "comcast.net", "comhem.se",
	"consultant.com", "cox.net", "daum.net", "dir.bg", "dispostable.com", "disroot.org", "docomo.ne.jp",
	"duck.com", "earthlink.net", "elisanet.fi", "email.com", "email.cz", "email.de", "email.it", "europe.com",
	"excite.com", "ezweb.ne.jp", "fastmail.com", "fastmail.fm", "fastwebnet.it", "forthnet.gr", "foxmail.com",
	"free.fr", "freemail.hu", "freenet.de", "freeserve.co.uk", "frontier.com", "frontiernet.net", "gazeta.pl",
	"getmail.no", "getnada.com", "globo.com", "globomail.com", "gmail.com", "gmx.at", "gmx.ch", "gmx.co.uk",
	"gmx.com", "gmx.de", "gmx.es", "gmx.fr", "gmx.li", "gmx.net", "gmx.us", "go2.pl", "googlemail.com",
	"guerrillamail.com", "hanmail.net", "hetnet.nl", "hey.com", "hispeed.ch", "hol.gr", "home.nl", "hotmail.be",
	"hotmail.ca", "hotmail.co.uk", "hotmail.com", "hotmail.com.ar", "hotmail.com.br", "hotmail.de",
	"hotmail.es", "hotmail.fr", "hotmail.it", "hotmail.nl", "hush.com", "hushmail.com", "i.softbank.jp", "i.ua",
	"icloud.com", "ig.com.br", "iinet.net.au", "in.gr", "inbox.com", "inbox.lv", "inbox.ru", "indiatimes.com",
	"inode.at", "interia.com", "interia.eu", "interia.pl", "internet.ru", "inwind.it", "iol.it", "iol.pt",
	"jubii.dk", "juno.com", "kabelmail.de", "kakao.com", "katamail.com", "keemail.me", "kolumbus.fi",
	"kpnmail.nl", "kpnplanet.nl", "laposte.net", "lavabit.com", "legalmail.it", "libero.it", "libertysurf.fr",
	"list.ru", "live.at", "live.be", "live.ca", "live.cn", "live.co.uk", "live.com", "live.com.ar",
	"live.com.au", "live.com.mx", "live.com.pt", "live.de", "live.dk", "live.fr", "live.ie", "live.it",
	"live.jp", "live.nl", "live.no", "live.se", "luukku.com", "lycos.com", "mac.com", "magenta.de", "mail.bg",
	"mail.com", "mail.ru", "mailbox.org", "maildrop.cc", "mailfence.com", "mailinator.com", "mailnesia.com",
	"me.com", "meta.ua", "mindspring.com", "movistar.es", "mozmail.com", "msn.com", "mynet.com", "myyahoo.com",
	"nate.com", "naver.com", "neostrada.pl", "netcabo.pt", "netcologne.de", "netscape.net", "netzero.net",
	"neuf.fr", "nifty.com", "noos.fr", "ntlworld.com", "numericable.fr", "o2.co.uk", "o2.pl", "o2online.de",
	"ok.de", "onet.com.pl", "onet.eu", "onet.pl", "online.de", "online.no", "ono.com", "op.pl", "optonline.net",
	"optusnet.com.au", "orange.es", "orange.fr", "orange.net", "otenet.gr", "outlook.at", "outlook.be",
	"outlook.co.id", "outlook.com", "outlook.com.au", "outlook.com.br", "outlook.cz", "outlook.de",
	"outlook.dk", "outlook.es", "outlook.fr", "outlook.hu", "outlook.ie", "outlook.it", "outlook.jp",
	"outlook.pt", "outlook.sk", "pacbell.net", "passport.com", "planet.nl", "plus.com", "plus.net",
	"plusnet.pl", "pm.me", "pobox.sk", "poczta.fm", "post.com", "post.cz", "post.sk", "posteo.de", "posteo.net",
	"privaterelay.appleid.com", "prodigy.net", "proton.me", "protonmail.ch", "protonmail.com", "proximus.be",
	"qq.com", "quicknet.nl", "rambler.ru", "rediffmail.com", "relay.firefox.com", "republika.pl", "riseup.net",
	"roadrunner.com", "rocketmail.com", "rogers.com", "rr.com", "runbox.com", "sapo.pt", "sbcglobal.net",
	"scarlet.be", "seznam.cz", "sfr.fr", "sharklasers.com", "shaw.ca", "sify.com", "simplelogin.com", "sina.cn",
	"sina.com", "sky.com", "skynet.be", "so-net.ne.jp", "softbank.ne.jp", "sohu.com", "spoko.pl", "spray.se",
	"startmail.com", "suddenlink.net", "sunrise.ch", "suomi24.fi", "supereva.it", "swissonline.ch",
	"sympatico.ca", "t-online.de", "t-online.hu", "talk21.com", "talktalk.net", "tdcadsl.dk", "tele2.nl",
	"telefonica.net", "telenet.be", "telenor.no", "teletu.it", "telia.com", "telus.net", "temp-mail.org",
	"tempmail.com", "terra.com", "terra.com.br", "terra.es", "throwawaymail.com", "tim.it", "tin.it",
	"tiscali.co.uk", "tiscali.it", "tlen.pl", "trash-mail.com", "trashmail.com", "tre.it", "tuta.com",
	"tuta.io", "tutamail.com", "tutanota.com", "tutanota.de", "twc.com", "ukr.net", "unitybox.de", "uol.com.br",
	"upcmail.nl", "upcpoczta.pl", "usa.com", "utanet.at", "vectra.pl", "verizon.net", "videotron.ca",
	"vipmail.hu", "virgilio.it", "virginmedia.com", "vodafone.de", "vodafone.it", "vodafonemail.de", "voila.fr",
	"volny.cz", "vp.pl", "vtxnet.ch", "walla.co.il", "walla.com", "wanadoo.fr", "web.de", "windowslive.com",
	"windstream.net", "worldonline.fr", "wp.pl", "xs4all.nl", "xtra.co.nz", "ya.ru", "yahoo.at", "yahoo.be",
	"yahoo.ca", "yahoo.co.id", "yahoo.co.in", "yahoo.co.jp", "yahoo.co.uk", "yahoo.com", "yahoo.com.ar",
	"yahoo.com.au", "yahoo.com.br", "yahoo.com.hk", "yahoo.com.mx", "yahoo.com.ph", "yahoo.com.sg",
	"yahoo.com.tw", "yahoo.com.vn", "yahoo.de", "yahoo.dk", "yahoo.es", "yahoo.fr", "yahoo.gr", "yahoo.ie",
	"yahoo.in", "yahoo.it", "yahoo.nl", "yahoo.no", "yahoo.pl", "yahoo.ro", "yahoo.se", "yandex.com",
	"yandex.ru", "yeah.net", "ymail.com", "yopmail.com", "yopmail.fr", "ziggo.nl", "zoho.com", "zohomail.com",
	"zohomail.eu", "zonnet.nl", "zoznam.sk",
}
