/** How the page's address names sign-ins whose country is not known. */
export const UNKNOWN = "unknown";
