// Package api is the HTTP door: JSON under /api/v1 with typed handlers, the
// OpenAPI document generated from them, and the places where the other doors
// (add-on, web app) are mounted.
//
// What it promises:
//   - Every request has one caller: a person by session or API key, or the
//     operator over the socket. What they may see is decided by package access;
//     nothing here decides it again.
//   - Every error is a problem document (RFC 9457) with code, field and hint,
//     made in one place from crm.Error. What nobody foresaw is "Internal error"
//     outside and has its detail in the log, under the request's id.
//   - Requests for other hosts, from other origins' pages, with large bodies or
//     without an end are refused before a room hears of them.
//   - Neither queries nor bodies, cookies or keys are logged.
//
// It stores nothing.
package api
