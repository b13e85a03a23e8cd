/** A finding as every screen shows it, and taking it into a case. */
import { graphql } from "../api/generated";
import type { FindingFragment } from "../api/generated/graphql";

export const FindingShape = graphql(`
  fragment Finding on Finding {
    id hunt title level score attack summary firstSeen lastSeen evidence benign ruleOut
    eventsToPull { words }
    notEvaluable { title opens }
    entities { role entity { id label name } }
  }
`);
export type Finding = FindingFragment;

export const OpenCases = graphql(`
  query OpenCases { cases(closed: false, first: 50) { edges { node { id title } } } }
`);
export const NewCase = graphql(`
  mutation NewCase($title: String!) { openCase(title: $title, trigger: "finding") { id } }
`);
export const KeepFinding = graphql(`
  mutation KeepFinding($case: ID!, $run: ID, $alert: ID, $finding: ID!, $judgement: String!, $because: String!) {
    keepFinding(case: $case, run: $run, alert: $alert, finding: $finding, judgement: $judgement, because: $because) {
      number version judgement because
    }
  }
`);
