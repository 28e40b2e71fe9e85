package match
import ("testing";"fmt";"path/filepath";"strings")
func TestStat(t *testing.T) {
	files,_ := filepath.Glob("testdata/deals/*.txt")
	for _,f := range files { for _,c := range readCorpus(t,f) {
		if strings.Contains(f,"sixth") && c.sealed() { continue }
		for i,g := range decideThread(c.d,c.mail) {
			for _,l := range g.Links { if l.Rule=="only_deal" {
				m := c.mail[i]
				ended, endedOwn := 99999,99999
				for rec,ds := range c.d.DealsOf { for _,d := range ds { if d.Closed!=0 && d.Closed<=m.Date && strings.HasPrefix(string(rec),"con_") {
					own := false
					for _,x := range g.Links { own = own || x.Record==rec }
					days := int(m.Date.Sub(d.Closed).Hours()/24)
					ended=min(ended,days); if own { endedOwn=min(endedOwn,days) } } } }
				d := c.d.DealsOf[l.Record]; _ = d
				ok := strings.TrimPrefix(string(l.Record),"dea_")==c.want[i]
				fmt.Println("STAT",c.name,ok,c.want[i],l.Confidence,ended,endedOwn,"|",m.Subject,"|",m.Words)
			}}
		}
	}}
}
