/** Sends a file to `POST /load`; `fetch` cannot tell how much has been sent, so it is done the older way. */
import { ApiError, locked, token } from "../../api/client";

export interface Options {
  loader: string;
  year: string;
  timezone: string;
  host: string;
  own_domain: string;
}

export interface Sending {
  /** The upload's id, once the whole file is kept. */
  done: Promise<string>;
  stop: () => void;
}

export function send(file: File, options: Options, told: (share: number) => void): Sending {
  const request = new XMLHttpRequest();
  const query = new URLSearchParams({ name: file.name.slice(-1024) });
  for (const [name, value] of Object.entries(options)) {
    for (const one of name === "own_domain" ? value.split(/[\s,]+/) : [value.trim()]) if (one) query.append(name, one);
  }
  const done = new Promise<string>((resolve, reject) => {
    request.upload.onprogress = (event) => told(event.total ? event.loaded / event.total : 0);
    request.onerror = () => reject(new ApiError("the connection was lost", "UNREACHABLE"));
    request.onabort = () => reject(new ApiError("ended", "ABORTED"));
    request.onload = () => {
      if (request.status === 401) locked.value = true;
      const answer = read(request.responseText);
      if (request.status === 202 && answer.id) resolve(answer.id);
      else reject(new ApiError(answer.error ?? request.statusText, `HTTP_${request.status}`));
    };
  });
  request.open("POST", new URL(`load?${query}`, document.baseURI.split("#")[0]));
  request.setRequestHeader("Content-Type", "application/octet-stream");
  if (token.value) request.setRequestHeader("Authorization", `Bearer ${token.value}`);
  request.send(file);
  return { done, stop: () => request.abort() };
}

function read(text: string): { id?: string; error?: string } {
  try {
    return JSON.parse(text) as { id?: string; error?: string };
  } catch {
    return { error: text.slice(0, 200) };
  }
}
