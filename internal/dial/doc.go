// Package dial opens connections to hosts that a user named: mail servers now,
// webhooks and images later. Every such connection goes through a Dialer, so
// that nobody can make the server talk to what only the server can reach.
//
// What it promises: the address that is checked is the one that is connected
// to, after names were resolved and for every address of a name, so that a name
// which answers differently the second time gains nothing. Private, shared,
// link-local (with the metadata services of clouds), multicast, reserved and
// documentation ranges, and ranges that carry an IPv4 address inside an IPv6
// one, are refused, as is every IPv6 address outside of global unicast.
//
// What may be reached nevertheless:
//   - ranges that the operator allows (--allow-net CIDR);
//   - loopback, by a Dialer that Local returned: for mailboxes that the operator
//     added, who has a shell on the machine anyway, and in the demo. A mailbox
//     that a user added never reaches loopback by itself. Other private ranges
//     need the flag even for the operator, since a name in a command is easily
//     one that somebody else controls.
//
// It stores nothing.
package dial
