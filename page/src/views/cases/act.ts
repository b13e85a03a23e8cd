/** Changing a case: one thing at a time, then the case is read again, for others work at it too. */
import { useState } from "preact/hooks";
import { ask } from "../../api/client";
import type { TypedDocumentString } from "../../api/generated/graphql";

export interface Acting {
  busy: boolean;
  error: Error | null;
  /** Do it; true when it was done. */
  act: <T, V>(document: TypedDocumentString<T, V>, variables: V) => Promise<boolean>;
}

export function useActing(again: () => void): Acting {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<Error | null>(null);
  const act = async <T, V>(document: TypedDocumentString<T, V>, variables: V) => {
    setBusy(true);
    try {
      await ask(document, variables);
      setError(null);
      return true;
    } catch (failure) {
      setError(failure as Error);
      return false;
    } finally {
      setBusy(false);
      again();
    }
  };
  return { busy, error, act };
}
