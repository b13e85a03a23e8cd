/** What the cases' screens ask and change. */
import { graphql } from "../../api/generated";
import type { CaseQuery, CasesQuery, CaseTemplatesQuery } from "../../api/generated/graphql";

export const Cases = graphql(`
  query Cases($closed: Boolean, $search: String!, $after: String) {
    cases(closed: $closed, search: $search, first: 50, after: $after) {
      totalCount
      edges { node { id title trigger template closed verdict who created changedBy changed findings(first: 1) { totalCount } } }
    }
  }
`);
export type CaseRow = CasesQuery["cases"]["edges"][number]["node"];

export const CaseTemplates = graphql(`
  query CaseTemplates($language: String!) {
    caseTemplates(language: $language) { id fields { name help } steps { id title question hypothesis hunts looks } }
  }
`);
export type Template = CaseTemplatesQuery["caseTemplates"][number];

export const OpenCase = graphql(`
  mutation OpenCase($title: String!, $trigger: String, $form: String, $scope: CaseScopeInput, $summary: String!, $template: String, $given: CaseGivenInput, $language: String!) {
    openCase(title: $title, trigger: $trigger, form: $form, scope: $scope, summary: $summary, template: $template, given: $given, language: $language) { id }
  }
`);

export const OneCase = graphql(`
  query Case($id: ID!, $language: String!) {
    case(id: $id) {
      id version title trigger form template given summary verdict closed who created changedBy changed
      scope { entities tags since until }
      hypotheses { number version withdrawn text techniques confirms refutes status because }
      notes { number version withdrawn text who at hypothesis }
      evidence { number version withdrawn subject sha256 basis when what caption who at }
      checked { number state }
      views { number version withdrawn name entity asked who at }
      findings(first: 100) { totalCount edges { node { number version judgement because who changedBy withdrawn finding { ...Finding } } } }
      answers { number step state findings missing notes details changed }
      responses { number version withdrawn action target owner state remark }
      recommendations { number version withdrawn what findings owner }
      advice(language: $language) { what words findings }
      feedback { number version withdrawn learned what remark }
      collection { there rows kinds { title opens } askedBy hypotheses }
      hosts { number version host name state because }
      history(first: 50) { totalCount edges { node { at who action after } } }
    }
  }
`);
export type Case = NonNullable<CaseQuery["case"]>;
export type CaseFinding = Case["findings"]["edges"][number]["node"];

export const ChangeCase = graphql(`
  mutation ChangeCase($id: ID!, $version: Int!, $title: String, $summary: String) {
    changeCase(id: $id, version: $version, title: $title, summary: $summary) { id version }
  }
`);
export const CloseCase = graphql(`
  mutation CloseCase($id: ID!, $version: Int!, $verdict: String!, $summary: String!) {
    closeCase(id: $id, version: $version, verdict: $verdict, summary: $summary) { id }
  }
`);
export const ReopenCase = graphql(`
  mutation ReopenCase($id: ID!, $version: Int!) { reopenCase(id: $id, version: $version) { id } }
`);
export const AddHypothesis = graphql(`
  mutation AddHypothesis($case: ID!, $text: String!, $techniques: [String!], $confirms: String!, $refutes: String!) {
    addHypothesis(case: $case, text: $text, techniques: $techniques, confirms: $confirms, refutes: $refutes) { number }
  }
`);
export const SettleHypothesis = graphql(`
  mutation SettleHypothesis($case: ID!, $number: Int!, $version: Int!, $status: String!, $because: String!) {
    changeHypothesis(case: $case, number: $number, version: $version, status: $status, because: $because) { number }
  }
`);
export const AddNote = graphql(`
  mutation AddNote($case: ID!, $text: String!) { addNote(case: $case, text: $text) { number } }
`);
export const RunStep = graphql(`
  mutation RunStep($case: ID!, $steps: [String!]) { runCase(case: $case, steps: $steps) { step state } }
`);
export const RunInCase = graphql(`
  mutation RunInCase($case: ID!, $hunts: [String!]!) { runInCase(case: $case, hunts: $hunts) { number } }
`);
export const JudgeFinding = graphql(`
  mutation JudgeFinding($case: ID!, $finding: ID!, $version: Int!, $judgement: String!, $because: String!) {
    judgeFinding(case: $case, finding: $finding, version: $version, judgement: $judgement, because: $because) { number }
  }
`);
export const PinEvents = graphql(`
  mutation PinEvents($case: ID!, $events: [String!]!, $caption: String!) { pinEvents(case: $case, events: $events, caption: $caption) { number } }
`);
export const AddResponse = graphql(`
  mutation AddResponse($case: ID!, $action: String!, $target: String!, $owner: String!) {
    addResponse(case: $case, action: $action, target: $target, owner: $owner) { number }
  }
`);
export const ChangeResponse = graphql(`
  mutation ChangeResponse($case: ID!, $number: Int!, $version: Int!, $state: String!) {
    changeResponse(case: $case, number: $number, version: $version, state: $state) { number }
  }
`);
export const ProposeResponses = graphql(`
  mutation ProposeResponses($case: ID!) { proposeResponses(case: $case) { id } }
`);
export const AddRecommendation = graphql(`
  mutation AddRecommendation($case: ID!, $what: String!, $findings: [String!]) {
    addRecommendation(case: $case, what: $what, findings: $findings) { number }
  }
`);
export const AddFeedback = graphql(`
  mutation AddFeedback($case: ID!, $learned: String!, $what: String!, $remark: String!) {
    addFeedback(case: $case, learned: $learned, what: $what, remark: $remark) { number }
  }
`);
export const Withdraw = graphql(`
  mutation Withdraw($case: ID!, $number: Int!, $version: Int!, $because: String!) {
    withdrawFromCase(case: $case, number: $number, version: $version, because: $because) { id }
  }
`);
