import { useEffect, useState } from "preact/hooks";
import { ask, hear } from "../../api/client";
import type { RunFindingsQuery } from "../../api/generated/graphql";
import type { Finding } from "../../findings/documents";
import { OneRun, RunFindings, RunProgress, type Run } from "./documents";

const OVER = ["done", "failed", "cancelled"];
export const isOver = (run: Run): boolean => OVER.includes(run.state);

/** A run as it goes: asked once, then heard of until it is over. */
export function useRun(id: string): { run: Run | null; error: Error | null } {
  const [run, setRun] = useState<Run | null>(null);
  const [error, setError] = useState<Error | null>(null);
  useEffect(() => {
    let stop = () => {};
    let current = true;
    ask(OneRun, { id }).then(
      (answer) => {
        if (!current) return;
        if (!answer.run) return setError(new Error(id));
        setRun(answer.run);
        if (isOver(answer.run)) return;
        stop = hear(RunProgress, { id }, (told) => setRun(told.runProgress), setError);
      },
      (failure: Error) => current && setError(failure),
    );
    return () => {
      current = false;
      stop();
    };
  }, [id]);
  return { run, error };
}

/** All findings of a run, page by page; asked again as their number grows. */
export function useFindings(id: string, total: number): { findings: Finding[]; error: Error | null } {
  const [findings, setFindings] = useState<Finding[]>([]);
  const [error, setError] = useState<Error | null>(null);
  useEffect(() => {
    if (!total) return;
    let current = true;
    const collect = async () => {
      const all: Finding[] = [];
      let after: string | null = null;
      do {
        const answer: RunFindingsQuery = await ask(RunFindings, { id, after });
        const page = answer.run?.findings;
        if (!current || !page) return;
        all.push(...page.edges.map((edge) => edge.node));
        after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
      } while (after);
      setFindings(all);
    };
    collect().catch((failure: Error) => current && setError(failure));
    return () => {
      current = false;
    };
  }, [id, total]);
  return { findings, error };
}
