package mail

// Hard limits. Input beyond them is cut and marked, never an error.
const (
	maxHeaderBytes  = 256 << 10 // names and values that are kept of one header
	maxFieldBytes   = 64 << 10  // value of one field
	maxEssential    = 64 << 10  // kept beyond maxHeaderBytes of the fields a message cannot do without
	maxRecipients   = 1 << 20   // bytes of all address fields together; they have their own budget
	maxFields       = 2000      // fields of one header
	maxParameters   = 100       // parameters of one structured field
	maxDepth        = 30        // nested multiparts
	maxParts        = 1000      // parts of one message
	maxText         = 1 << 20   // bytes of Text
	maxHTML         = 2 << 20   // bytes of HTML
	maxParticipants = 20_000    // participants of one message
	maxWriters      = 100       // of those who wrote, beyond maxParticipants
	maxName         = 200       // runes of a display name, bytes of an attachment name
	maxID           = 998       // bytes of one Message-ID
	maxRaw          = 1000      // bytes of an address that was not understood
)
