/** Returns the source of all schemas of an OpenAPI 3.1 document. */
export function typesOf(document: object): string;
