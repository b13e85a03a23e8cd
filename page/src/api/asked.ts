/** A component's question: what came, what went wrong, and whether an answer is awaited. */
import { useEffect, useRef, useState } from "preact/hooks";
import { ask, token } from "./client";
import type { TypedDocumentString } from "./generated/graphql";

export interface Asked<T> {
  data: T | null;
  error: Error | null;
  waiting: boolean;
  again: () => void;
}

/** Ask when the variables change (`null`: not yet), and keep the last answer on the screen until the next is there. */
export function useAsk<T, V>(document: TypedDocumentString<T, V>, variables: V | null): Asked<T> {
  const [state, setState] = useState<{ data: T | null; error: Error | null; waiting: boolean }>({
    data: null,
    error: null,
    waiting: variables !== null,
  });
  const [round, setRound] = useState(0);
  const asked = variables === null ? null : JSON.stringify(variables);
  const last = useRef<string | null>(null);
  useEffect(() => {
    if (variables === null) return setState({ data: null, error: null, waiting: false });
    const stop = new AbortController();
    setState((old) => ({ ...old, waiting: true }));
    ask(document, variables, stop.signal).then(
      (data) => setState({ data, error: null, waiting: false }),
      (error: Error) => stop.signal.aborted || setState({ data: null, error, waiting: false }),
    );
    last.current = asked;
    return () => stop.abort();
    // The variables are compared by value: a view may write them as a literal.
  }, [document, asked, round, token.value]);
  return { ...state, again: () => setRound((n) => n + 1) };
}
