/** Asks the GraphQL API; the only place of the page that knows HTTP. */
import { signal } from "@preact/signals";
import { createClient, type Client } from "graphql-ws";
import type { TypedDocumentString } from "./generated/graphql";

const KEPT = "graph-hunt.token";
export const token = signal(sessionStorage.getItem(KEPT) ?? "");
/** Whether the server demands a token that we do not have. */
export const locked = signal(false);

/** A refusal or fault, with the API's own code and the argument that it is about. */
export class ApiError extends Error {
  constructor(
    message: string,
    readonly code: string,
    readonly argument: string | null = null,
  ) {
    super(message);
  }
}

interface Answer<T> {
  data?: T | null;
  errors?: { message: string; extensions?: { code?: string; argument?: string } }[];
  error?: string;
}

const place = new URL("graphql", document.baseURI.split("#")[0]);

/** Keep the token for this tab, and try again what was refused. */
export function enter(text: string): void {
  token.value = text.trim();
  sessionStorage.setItem(KEPT, token.value);
  sockets?.dispose();
  sockets = null;
  locked.value = false;
}

export function leave(): void {
  sessionStorage.removeItem(KEPT);
  token.value = "";
  location.reload();
}

/** Ask a query or mutation; a field's error is the answer's, for a page with half its facts misleads. */
export async function ask<T, V>(document: TypedDocumentString<T, V>, variables: V, signal?: AbortSignal): Promise<T> {
  const headers: Record<string, string> = { "Content-Type": "application/json", Accept: "application/json" };
  if (token.value) headers.Authorization = `Bearer ${token.value}`;
  const body = JSON.stringify({ query: document.toString(), variables });
  let response: Response;
  try {
    response = await fetch(place, { method: "POST", headers, body, signal: signal ?? null });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new ApiError("the server does not answer", "UNREACHABLE");
  }
  if (response.status === 401) {
    locked.value = true;
    throw new ApiError("a token is needed", "UNAUTHENTICATED");
  }
  const answer = (await response.json().catch(() => ({ error: response.statusText }))) as Answer<T>;
  const first = answer.errors?.[0];
  if (first) throw new ApiError(first.message, first.extensions?.code ?? "ERROR", first.extensions?.argument ?? null);
  if (!answer.data) throw new ApiError(answer.error ?? `HTTP ${response.status}`, `HTTP_${response.status}`);
  return answer.data;
}

/** Take a file that the server writes, such as a case's report. */
export async function take(path: string): Promise<Blob> {
  const headers: Record<string, string> = token.value ? { Authorization: `Bearer ${token.value}` } : {};
  let response: Response;
  try {
    response = await fetch(new URL(path, place), { headers });
  } catch {
    throw new ApiError("the server does not answer", "UNREACHABLE");
  }
  if (response.status === 401) locked.value = true;
  if (!response.ok) throw new ApiError(`HTTP ${response.status}`, `HTTP_${response.status}`);
  return response.blob();
}

let sockets: Client | null = null;

/** Hear of a subscription until the returned function is called. */
export function hear<T, V extends Record<string, unknown>>(
  document: TypedDocumentString<T, V>,
  variables: V,
  each: (value: T) => void,
  ended: (error: Error | null) => void = () => {},
): () => void {
  sockets ??= createClient({
    url: place.href.replace(/^http/, "ws"),
    connectionParams: () => (token.value ? { authorization: `Bearer ${token.value}` } : {}),
    retryAttempts: 20,
  });
  return sockets.subscribe<T>(
    { query: document.toString(), variables },
    {
      next: (message) => message.data && each(message.data),
      error: (error) => ended(error instanceof Error ? error : new ApiError("the connection was lost", "UNREACHABLE")),
      complete: () => ended(null),
    },
  );
}
