package demo

import "strings"

// plan is the story of one deal: who, what, and the steps of the talk. A step
// is a key of the texts; "/k" lets the second contact speak, "/2" lets the
// first one write from their second address, "/+" keeps the second contact in
// copy.
type plan struct {
	company  int
	contacts []int
	product  string
	qty      int
	unit     int64 // price of one in minor units
	weeks    int
	discount int     // percent that the customer asks for
	end      float64 // days before now of the last step
	script   string
	next     string // next step of an open deal
}

func (p plan) steps() []string { return strings.Fields(p.script) }

// plans tells 29 deals: 9 won, 5 lost, 15 open. Declan Moran and Émilie Garnier
// have two open ones each, so that somebody has to decide where their mail goes.
func plans() []plan {
	return []plan{
		{0, []int{0, 1}, "bw400", 2, 684000, 6, 5, 3, "enquiry ask answer visit invite invite_ok quote question/+ fwd tech fwd_reply haggle/k", "Answer Aoife about the discount"},
		{0, []int{0}, "bw200", 1, 415000, 5, 0, 1.2, "second ask answer quote", "Wait for the brewery's second budget"},
		{0, []int{1, 0}, "fc12", 6, 18900, 2, 0, 61, "reorder quote accept confirm delivery", ""},
		{1, []int{2, 3}, "bw600", 1, 1189000, 8, 6, 34, "enquiry ask answer quote question/+ tech haggle revise accept fwd_order fwd_order_reply confirm delivery delivered/k", ""},
		{1, []int{3}, "fc12", 4, 18900, 2, 0, 2.1, "reorder quote", "Call Graham on Thursday"},
		{1, []int{2}, "duct", 3, 62000, 3, 0, 46, "parts quote ooo chase reject regret", ""},
		{2, []int{4}, "bw200", 1, 398000, 5, 0, 22, "enquiry ask answer/2 quote accept confirm", ""},
		{2, []int{4}, "duct", 1, 58000, 2, 0, 5, "parts quote chase ooo", "Ring the bakery"},
		{3, []int{5, 6}, "bw600", 3, 1140000, 10, 8, 0.8, "enquiry ask answer quote bounce question/+ fwd tech fwd_reply haggle/k revise stall", "Get the signature of Ms Voss"},
		{3, []int{5}, "bw400", 1, 671000, 6, 0, 17, "second quote chase reject/2 regret", ""},
		{4, []int{7}, "bw400", 2, 690000, 6, 5, 41, "enquiry ask answer quote chase accept fwd_order confirm delivery delivered", ""},
		{4, []int{7}, "fc12", 8, 18500, 2, 0, 9, "reorder quote accept confirm", ""},
		{5, []int{8, 9}, "bw400", 1, 702000, 6, 5, 4, "enquiry ask answer quote question/+ fwd tech fwd_reply fwd_in/k haggle/k", "Calculate a better price"},
		{5, []int{8}, "bw200", 2, 409000, 5, 0, 55, "enquiry quote ooo accept confirm delivery delivered", ""},
		{6, []int{10, 11}, "bw600", 2, 1165000, 8, 7, 12, "enquiry ask answer visit invite visit_ok quote question/+ haggle/k revise chase reject regret", ""},
		{6, []int{10}, "fc12", 5, 18900, 2, 0, 1.6, "reorder quote stall", "Follow up next week"},
		{7, []int{12}, "bw400", 1, 695000, 7, 0, 6, "enquiry ask answer quote chase ooo stall", "Keep the offer open"},
		{7, []int{12}, "bw200", 1, 411000, 5, 0, 0.6, "second ask", "Wait for the sketch"},
		{8, []int{13, 14}, "bw600", 1, 1210000, 9, 6, 28, "enquiry ask answer quote question/k tech haggle revise accept fwd_order fwd_order_reply confirm", ""},
		{8, []int{14}, "fc12", 6, 19200, 2, 0, 3.4, "reorder quote chase", "Ask Giulia"},
		{9, []int{15}, "bw200", 1, 420000, 5, 0, 37, "enquiry ask answer quote ooo chase reject regret", ""},
		{9, []int{15}, "bw200", 1, 405000, 5, 4, 0.9, "enquiry quote haggle", "Decide about 4 %"},
		{10, []int{16}, "bw400", 3, 668000, 7, 5, 2.7, "enquiry ask answer visit invite invite_ok quote question fwd tech fwd_reply", "Await the decision of the board"},
		{11, []int{17, 18}, "bw400", 2, 2940000, 6, 5, 19, "enquiry ask answer quote question/+ tech haggle/k revise accept/k fwd_order confirm delivery delivered", ""},
		{11, []int{18}, "fc12", 10, 79000, 2, 0, 1.1, "reorder quote", "Order expected this week"},
		{11, []int{17}, "bw200", 1, 1780000, 5, 0, 2.3, "second quote ooo chase", "Clarify which hall"},
		{12, []int{19}, "bw200", 1, 1780000, 5, 4, 25, "enquiry ask answer/2 quote ooo chase reject regret", ""},
		{13, []int{20, 21}, "bw600", 1, 4980000, 9, 6, 4.5, "enquiry ask answer quote bounce question/k fwd tech fwd_reply haggle revise", "Wait for the order"},
		{13, []int{21}, "fc12", 4, 81000, 2, 0, 48, "reorder quote accept confirm delivery", ""},
	}
}
