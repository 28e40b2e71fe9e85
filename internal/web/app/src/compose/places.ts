export const draftsPath = "/api/v1/drafts"; // on the server

// hrefOfDraft is the address of a draft, or of a new mail.
export const hrefOfDraft = (id: string, to = "") =>
  `/inbox/drafts/${encodeURIComponent(id)}${to ? `?to=${encodeURIComponent(to)}` : ""}`;
