// Package audit seals the change log into a chain of hashes and checks it.
//
// What it promises: every change is sealed once, in the order of the feed,
// within about a second of its commit while a sealer runs; entries are added in
// one transaction with the head of the chain, so that of several sealers one
// adds at a time and none leaves a gap. Verify names the first entry at which
// the chain, or a change under it, is not what was sealed.
//
// What it does not promise: that whoever can write the store and knows this
// package cannot make the whole chain anew. Keep the head elsewhere: Head is
// what to write down.
//
// What it stores: audit documents, one for each change and one for the head.
package audit
