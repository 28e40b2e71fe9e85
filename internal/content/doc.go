// Package content shows what a mail holds beyond its words: the page that its
// sender made, the pictures of that page, and what is attached. It also keeps
// who opened the body of a mail of somebody else's.
//
// What it promises:
//   - Only who sees a message in full gets any of it; to others it is denied, or
//     does not exist. Each read asks access anew.
//   - Nothing is loaded from elsewhere because a mail is there or is read. A
//     reader who asks for its pictures gets them from us: we fetch them without
//     cookies, referrer or redirects, over the dialer that reaches public
//     addresses only, a bounded number at once, each bounded in size and time,
//     and hand them out when their bytes are those of a PNG, JPEG, GIF or WebP.
//   - Addresses of pictures are signed for one reader and some minutes. They name
//     a picture by its number, so that nobody can make us fetch what stands in
//     no mail.
//   - What is attached is fetched from the mail server when it is asked for and
//     kept in memory for two minutes, nowhere else.
//   - An opening of somebody else's body is stored before the body is handed out,
//     once a day for each reader and message.
//
// What it stores: opening documents.
package content
