import{t as e}from"./generated-Bygfw54d.js";e(`
  fragment Finding on Finding {
    id hunt title level score attack summary firstSeen lastSeen evidence benign ruleOut
    eventsToPull { words }
    notEvaluable { title opens }
    entities { role entity { id label name } }
  }
`);var t=e(`
  query OpenCases { cases(closed: false, first: 50) { edges { node { id title } } } }
`),n=e(`
  mutation NewCase($title: String!) { openCase(title: $title, trigger: "finding") { id } }
`),r=e(`
  mutation KeepFinding($case: ID!, $run: ID, $alert: ID, $finding: ID!, $judgement: String!, $because: String!) {
    keepFinding(case: $case, run: $run, alert: $alert, finding: $finding, judgement: $judgement, because: $because) {
      number version judgement because
    }
  }
`);export{n,t as r,r as t};