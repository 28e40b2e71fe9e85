// The types of the server's answers, written from its OpenAPI document.
export type * from "../api.gen";
