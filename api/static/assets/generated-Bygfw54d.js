import{C as e,S as t,_ as n,d as r,w as i}from"./State-KW4fi90A.js";function a(a,o){let[s,c]=i({data:null,error:null,waiting:o!==null}),[l,u]=i(0),d=o===null?null:JSON.stringify(o),f=e(null);return t(()=>{if(o===null)return c({data:null,error:null,waiting:!1});let e=new AbortController;return c(e=>({...e,waiting:!0})),r(a,o,e.signal).then(e=>c({data:e,error:null,waiting:!1}),t=>e.signal.aborted||c({data:null,error:t,waiting:!1})),f.current=d,()=>e.abort()},[a,d,l,n.value]),{...s,again:()=>u(e=>e+1)}}var o=class extends String{__apiType;value;__meta__;constructor(e,t){super(e),this.value=e,this.__meta__=t}toString(){return this.value}},s=new o(`
    fragment Finding on Finding {
  id
  hunt
  title
  level
  score
  attack
  summary
  firstSeen
  lastSeen
  evidence
  benign
  ruleOut
  eventsToPull {
    words
  }
  notEvaluable {
    title
    opens
  }
  entities {
    role
    entity {
      id
      label
      name
    }
  }
}
    `,{fragmentName:`Finding`}),c=new o(`
    fragment Alert on DetectionAlert {
  id
  number
  detection
  state
  verdict
  note
  who
  created
  changed
  last
  repeats
  version
  finding {
    ...Finding
  }
  deliveries {
    channel
    state
    problem
  }
}
    fragment Finding on Finding {
  id
  hunt
  title
  level
  score
  attack
  summary
  firstSeen
  lastSeen
  evidence
  benign
  ruleOut
  eventsToPull {
    words
  }
  notEvaluable {
    title
    opens
  }
  entities {
    role
    entity {
      id
      label
      name
    }
  }
}`,{fragmentName:`Alert`}),l=new o(`
    fragment Run on Run {
  id
  state
  problem
  hunts
  who
  since
  until
  created
  ended
  progress {
    done
    total
  }
  outcomes {
    hunt
    state
    coldStart
    notes
    seconds
    found
    cannotSee {
      name
      title
      opens
    }
  }
  findings(first: 1) {
    totalCount
  }
}
    `,{fragmentName:`Run`}),u=new o(`
    fragment Upload on Upload {
  id
  name
  bytes
  sha256
  state
  problem
  who
  created
  ended
  progress {
    phase
    records
    source
    done
    total
  }
  result {
    records
    used
    notUsed
    quarantined
    edges
    rebuilt
    sightings
    seconds
    sources
    reasons {
      reason
      count
    }
    rows {
      table
      rows
    }
    duplicates {
      table
      rows
    }
    accounts(first: 50) {
      totalCount
      edges {
        node {
          name
          outcome
          loader
          records
          used
          problem
          notUsed {
            reason
            count
          }
          quarantined {
            reason
            count
          }
        }
      }
    }
  }
}
    `,{fragmentName:`Upload`}),d={"\n  fragment Finding on Finding {\n    id hunt title level score attack summary firstSeen lastSeen evidence benign ruleOut\n    eventsToPull { words }\n    notEvaluable { title opens }\n    entities { role entity { id label name } }\n  }\n":s,"\n  query OpenCases { cases(closed: false, first: 50) { edges { node { id title } } } }\n":new o(`
    query OpenCases {
  cases(closed: false, first: 50) {
    edges {
      node {
        id
        title
      }
    }
  }
}
    `),'\n  mutation NewCase($title: String!) { openCase(title: $title, trigger: "finding") { id } }\n':new o(`
    mutation NewCase($title: String!) {
  openCase(title: $title, trigger: "finding") {
    id
  }
}
    `),"\n  mutation KeepFinding($case: ID!, $run: ID, $alert: ID, $finding: ID!, $judgement: String!, $because: String!) {\n    keepFinding(case: $case, run: $run, alert: $alert, finding: $finding, judgement: $judgement, because: $because) {\n      number version judgement because\n    }\n  }\n":new o(`
    mutation KeepFinding($case: ID!, $run: ID, $alert: ID, $finding: ID!, $judgement: String!, $because: String!) {
  keepFinding(
    case: $case
    run: $run
    alert: $alert
    finding: $finding
    judgement: $judgement
    because: $because
  ) {
    number
    version
    judgement
    because
  }
}
    `),"\n  query EvidenceOf($ids: [String!]!) { evidence(ids: $ids) { id table time code row raw rawMissing } }\n":new o(`
    query EvidenceOf($ids: [String!]!) {
  evidence(ids: $ids) {
    id
    table
    time
    code
    row
    raw
    rawMissing
  }
}
    `),"\n  query Radius($entity: String!, $at: DateTime!, $window: String!, $backward: Boolean!, $least: Float!, $contained: [String!]) {\n    blastRadius(entity: $entity, at: $at, window: $window, backward: $backward, minimumLikelihood: $least, first: 200, contained: $contained) {\n      total\n      notes\n      start { label key name entity { id } }\n      reached {\n        hop likelihood firstTime\n        reached { label key name entity { id } }\n        path { at rule words evidence likelihood source { label key name entity { id } } target { label key name entity { id } } }\n      }\n    }\n  }\n":new o(`
    query Radius($entity: String!, $at: DateTime!, $window: String!, $backward: Boolean!, $least: Float!, $contained: [String!]) {
  blastRadius(
    entity: $entity
    at: $at
    window: $window
    backward: $backward
    minimumLikelihood: $least
    first: 200
    contained: $contained
  ) {
    total
    notes
    start {
      label
      key
      name
      entity {
        id
      }
    }
    reached {
      hop
      likelihood
      firstTime
      reached {
        label
        key
        name
        entity {
          id
        }
      }
      path {
        at
        rule
        words
        evidence
        likelihood
        source {
          label
          key
          name
          entity {
            id
          }
        }
        target {
          label
          key
          name
          entity {
            id
          }
        }
      }
    }
  }
}
    `),"\n  query Contain($entity: String!, $at: DateTime!, $window: String!, $above: Float!, $targets: [String!]) {\n    containment(entity: $entity, at: $at, window: $window, above: $above, targets: $targets) {\n      smallest\n      notes\n      cut { action saves entity { label key name } }\n      inOrder { action saves entity { label key name } }\n      notSaved { label key name }\n    }\n  }\n":new o(`
    query Contain($entity: String!, $at: DateTime!, $window: String!, $above: Float!, $targets: [String!]) {
  containment(
    entity: $entity
    at: $at
    window: $window
    above: $above
    targets: $targets
  ) {
    smallest
    notes
    cut {
      action
      saves
      entity {
        label
        key
        name
      }
    }
    inOrder {
      action
      saves
      entity {
        label
        key
        name
      }
    }
    notSaved {
      label
      key
      name
    }
  }
}
    `),"\n  query Start($id: ID!) { node(id: $id) { id ... on Entity { label key name firstSeen lastSeen } } }\n":new o(`
    query Start($id: ID!) {
  node(id: $id) {
    id
    ... on Entity {
      label
      key
      name
      firstSeen
      lastSeen
    }
  }
}
    `),"\n  query Cases($closed: Boolean, $search: String!, $after: String) {\n    cases(closed: $closed, search: $search, first: 50, after: $after) {\n      totalCount\n      edges { node { id title trigger template closed verdict who created changedBy changed findings(first: 1) { totalCount } } }\n    }\n  }\n":new o(`
    query Cases($closed: Boolean, $search: String!, $after: String) {
  cases(closed: $closed, search: $search, first: 50, after: $after) {
    totalCount
    edges {
      node {
        id
        title
        trigger
        template
        closed
        verdict
        who
        created
        changedBy
        changed
        findings(first: 1) {
          totalCount
        }
      }
    }
  }
}
    `),"\n  query CaseTemplates($language: String!) {\n    caseTemplates(language: $language) { id fields { name help } steps { id title question hypothesis hunts looks } }\n  }\n":new o(`
    query CaseTemplates($language: String!) {
  caseTemplates(language: $language) {
    id
    fields {
      name
      help
    }
    steps {
      id
      title
      question
      hypothesis
      hunts
      looks
    }
  }
}
    `),"\n  mutation OpenCase($title: String!, $trigger: String, $form: String, $scope: CaseScopeInput, $summary: String!, $template: String, $given: CaseGivenInput, $language: String!) {\n    openCase(title: $title, trigger: $trigger, form: $form, scope: $scope, summary: $summary, template: $template, given: $given, language: $language) { id }\n  }\n":new o(`
    mutation OpenCase($title: String!, $trigger: String, $form: String, $scope: CaseScopeInput, $summary: String!, $template: String, $given: CaseGivenInput, $language: String!) {
  openCase(
    title: $title
    trigger: $trigger
    form: $form
    scope: $scope
    summary: $summary
    template: $template
    given: $given
    language: $language
  ) {
    id
  }
}
    `),"\n  query Case($id: ID!, $language: String!) {\n    case(id: $id) {\n      id version title trigger form template given summary verdict closed who created changedBy changed\n      scope { entities tags since until }\n      hypotheses { number version withdrawn text techniques confirms refutes status because }\n      notes { number version withdrawn text who at hypothesis }\n      evidence { number version withdrawn subject sha256 basis when what caption who at }\n      checked { number state }\n      views { number version withdrawn name entity asked who at }\n      findings(first: 100) { totalCount edges { node { number version judgement because who changedBy withdrawn finding { ...Finding } } } }\n      answers { number step state findings missing notes details changed }\n      responses { number version withdrawn action target owner state remark }\n      recommendations { number version withdrawn what findings owner }\n      advice(language: $language) { what words findings }\n      feedback { number version withdrawn learned what remark }\n      collection { there rows kinds { title opens } askedBy hypotheses }\n      hosts { number version host name state because }\n      history(first: 50) { totalCount edges { node { at who action after } } }\n    }\n  }\n":new o(`
    query Case($id: ID!, $language: String!) {
  case(id: $id) {
    id
    version
    title
    trigger
    form
    template
    given
    summary
    verdict
    closed
    who
    created
    changedBy
    changed
    scope {
      entities
      tags
      since
      until
    }
    hypotheses {
      number
      version
      withdrawn
      text
      techniques
      confirms
      refutes
      status
      because
    }
    notes {
      number
      version
      withdrawn
      text
      who
      at
      hypothesis
    }
    evidence {
      number
      version
      withdrawn
      subject
      sha256
      basis
      when
      what
      caption
      who
      at
    }
    checked {
      number
      state
    }
    views {
      number
      version
      withdrawn
      name
      entity
      asked
      who
      at
    }
    findings(first: 100) {
      totalCount
      edges {
        node {
          number
          version
          judgement
          because
          who
          changedBy
          withdrawn
          finding {
            ...Finding
          }
        }
      }
    }
    answers {
      number
      step
      state
      findings
      missing
      notes
      details
      changed
    }
    responses {
      number
      version
      withdrawn
      action
      target
      owner
      state
      remark
    }
    recommendations {
      number
      version
      withdrawn
      what
      findings
      owner
    }
    advice(language: $language) {
      what
      words
      findings
    }
    feedback {
      number
      version
      withdrawn
      learned
      what
      remark
    }
    collection {
      there
      rows
      kinds {
        title
        opens
      }
      askedBy
      hypotheses
    }
    hosts {
      number
      version
      host
      name
      state
      because
    }
    history(first: 50) {
      totalCount
      edges {
        node {
          at
          who
          action
          after
        }
      }
    }
  }
}
    fragment Finding on Finding {
  id
  hunt
  title
  level
  score
  attack
  summary
  firstSeen
  lastSeen
  evidence
  benign
  ruleOut
  eventsToPull {
    words
  }
  notEvaluable {
    title
    opens
  }
  entities {
    role
    entity {
      id
      label
      name
    }
  }
}`),"\n  mutation ChangeCase($id: ID!, $version: Int!, $title: String, $summary: String) {\n    changeCase(id: $id, version: $version, title: $title, summary: $summary) { id version }\n  }\n":new o(`
    mutation ChangeCase($id: ID!, $version: Int!, $title: String, $summary: String) {
  changeCase(id: $id, version: $version, title: $title, summary: $summary) {
    id
    version
  }
}
    `),"\n  mutation CloseCase($id: ID!, $version: Int!, $verdict: String!, $summary: String!) {\n    closeCase(id: $id, version: $version, verdict: $verdict, summary: $summary) { id }\n  }\n":new o(`
    mutation CloseCase($id: ID!, $version: Int!, $verdict: String!, $summary: String!) {
  closeCase(id: $id, version: $version, verdict: $verdict, summary: $summary) {
    id
  }
}
    `),"\n  mutation ReopenCase($id: ID!, $version: Int!) { reopenCase(id: $id, version: $version) { id } }\n":new o(`
    mutation ReopenCase($id: ID!, $version: Int!) {
  reopenCase(id: $id, version: $version) {
    id
  }
}
    `),"\n  mutation AddHypothesis($case: ID!, $text: String!, $techniques: [String!], $confirms: String!, $refutes: String!) {\n    addHypothesis(case: $case, text: $text, techniques: $techniques, confirms: $confirms, refutes: $refutes) { number }\n  }\n":new o(`
    mutation AddHypothesis($case: ID!, $text: String!, $techniques: [String!], $confirms: String!, $refutes: String!) {
  addHypothesis(
    case: $case
    text: $text
    techniques: $techniques
    confirms: $confirms
    refutes: $refutes
  ) {
    number
  }
}
    `),"\n  mutation SettleHypothesis($case: ID!, $number: Int!, $version: Int!, $status: String!, $because: String!) {\n    changeHypothesis(case: $case, number: $number, version: $version, status: $status, because: $because) { number }\n  }\n":new o(`
    mutation SettleHypothesis($case: ID!, $number: Int!, $version: Int!, $status: String!, $because: String!) {
  changeHypothesis(
    case: $case
    number: $number
    version: $version
    status: $status
    because: $because
  ) {
    number
  }
}
    `),"\n  mutation AddNote($case: ID!, $text: String!) { addNote(case: $case, text: $text) { number } }\n":new o(`
    mutation AddNote($case: ID!, $text: String!) {
  addNote(case: $case, text: $text) {
    number
  }
}
    `),"\n  mutation RunStep($case: ID!, $steps: [String!]) { runCase(case: $case, steps: $steps) { step state } }\n":new o(`
    mutation RunStep($case: ID!, $steps: [String!]) {
  runCase(case: $case, steps: $steps) {
    step
    state
  }
}
    `),"\n  mutation RunInCase($case: ID!, $hunts: [String!]!) { runInCase(case: $case, hunts: $hunts) { number } }\n":new o(`
    mutation RunInCase($case: ID!, $hunts: [String!]!) {
  runInCase(case: $case, hunts: $hunts) {
    number
  }
}
    `),"\n  mutation JudgeFinding($case: ID!, $finding: ID!, $version: Int!, $judgement: String!, $because: String!) {\n    judgeFinding(case: $case, finding: $finding, version: $version, judgement: $judgement, because: $because) { number }\n  }\n":new o(`
    mutation JudgeFinding($case: ID!, $finding: ID!, $version: Int!, $judgement: String!, $because: String!) {
  judgeFinding(
    case: $case
    finding: $finding
    version: $version
    judgement: $judgement
    because: $because
  ) {
    number
  }
}
    `),"\n  mutation PinEvents($case: ID!, $events: [String!]!, $caption: String!) { pinEvents(case: $case, events: $events, caption: $caption) { number } }\n":new o(`
    mutation PinEvents($case: ID!, $events: [String!]!, $caption: String!) {
  pinEvents(case: $case, events: $events, caption: $caption) {
    number
  }
}
    `),"\n  mutation AddResponse($case: ID!, $action: String!, $target: String!, $owner: String!) {\n    addResponse(case: $case, action: $action, target: $target, owner: $owner) { number }\n  }\n":new o(`
    mutation AddResponse($case: ID!, $action: String!, $target: String!, $owner: String!) {
  addResponse(case: $case, action: $action, target: $target, owner: $owner) {
    number
  }
}
    `),"\n  mutation ChangeResponse($case: ID!, $number: Int!, $version: Int!, $state: String!) {\n    changeResponse(case: $case, number: $number, version: $version, state: $state) { number }\n  }\n":new o(`
    mutation ChangeResponse($case: ID!, $number: Int!, $version: Int!, $state: String!) {
  changeResponse(case: $case, number: $number, version: $version, state: $state) {
    number
  }
}
    `),"\n  mutation ProposeResponses($case: ID!) { proposeResponses(case: $case) { id } }\n":new o(`
    mutation ProposeResponses($case: ID!) {
  proposeResponses(case: $case) {
    id
  }
}
    `),"\n  mutation AddRecommendation($case: ID!, $what: String!, $findings: [String!]) {\n    addRecommendation(case: $case, what: $what, findings: $findings) { number }\n  }\n":new o(`
    mutation AddRecommendation($case: ID!, $what: String!, $findings: [String!]) {
  addRecommendation(case: $case, what: $what, findings: $findings) {
    number
  }
}
    `),"\n  mutation AddFeedback($case: ID!, $learned: String!, $what: String!, $remark: String!) {\n    addFeedback(case: $case, learned: $learned, what: $what, remark: $remark) { number }\n  }\n":new o(`
    mutation AddFeedback($case: ID!, $learned: String!, $what: String!, $remark: String!) {
  addFeedback(case: $case, learned: $learned, what: $what, remark: $remark) {
    number
  }
}
    `),"\n  mutation Withdraw($case: ID!, $number: Int!, $version: Int!, $because: String!) {\n    withdrawFromCase(case: $case, number: $number, version: $version, because: $because) { id }\n  }\n":new o(`
    mutation Withdraw($case: ID!, $number: Int!, $version: Int!, $because: String!) {
  withdrawFromCase(
    case: $case
    number: $number
    version: $version
    because: $because
  ) {
    id
  }
}
    `),"\n  query CoverageOf($all: Boolean!) {\n    coverage(all: $all) {\n      attack techniques seen\n      tactics { id name short techniques { id name parent url state hunts seeing } }\n      openings { telemetry { name title opens } hunts parts techniques }\n    }\n    hunts { id title visible missing { name title opens } }\n  }\n":new o(`
    query CoverageOf($all: Boolean!) {
  coverage(all: $all) {
    attack
    techniques
    seen
    tactics {
      id
      name
      short
      techniques {
        id
        name
        parent
        url
        state
        hunts
        seeing
      }
    }
    openings {
      telemetry {
        name
        title
        opens
      }
      hunts
      parts
      techniques
    }
  }
  hunts {
    id
    title
    visible
    missing {
      name
      title
      opens
    }
  }
}
    `),"\n  query NavigatorLayer { coverage(all: true) { navigator } }\n":new o(`
    query NavigatorLayer {
  coverage(all: true) {
    navigator
  }
}
    `),"\n  fragment Alert on DetectionAlert {\n    id number detection state verdict note who created changed last repeats version\n    finding { ...Finding }\n    deliveries { channel state problem }\n  }\n":c,"\n  query Alerts($states: [AlertState!], $detection: String, $after: String) {\n    alerts(states: $states, detection: $detection, first: 50, after: $after) {\n      totalCount\n      pageInfo { hasNextPage endCursor }\n      edges { node { ...Alert } }\n    }\n  }\n":new o(`
    query Alerts($states: [AlertState!], $detection: String, $after: String) {
  alerts(states: $states, detection: $detection, first: 50, after: $after) {
    totalCount
    pageInfo {
      hasNextPage
      endCursor
    }
    edges {
      node {
        ...Alert
      }
    }
  }
}
    fragment Finding on Finding {
  id
  hunt
  title
  level
  score
  attack
  summary
  firstSeen
  lastSeen
  evidence
  benign
  ruleOut
  eventsToPull {
    words
  }
  notEvaluable {
    title
    opens
  }
  entities {
    role
    entity {
      id
      label
      name
    }
  }
}
fragment Alert on DetectionAlert {
  id
  number
  detection
  state
  verdict
  note
  who
  created
  changed
  last
  repeats
  version
  finding {
    ...Finding
  }
  deliveries {
    channel
    state
    problem
  }
}`),"\n  subscription NewAlerts($after: Int) { newAlerts(after: $after) { ...Alert } }\n":new o(`
    subscription NewAlerts($after: Int) {
  newAlerts(after: $after) {
    ...Alert
  }
}
    fragment Finding on Finding {
  id
  hunt
  title
  level
  score
  attack
  summary
  firstSeen
  lastSeen
  evidence
  benign
  ruleOut
  eventsToPull {
    words
  }
  notEvaluable {
    title
    opens
  }
  entities {
    role
    entity {
      id
      label
      name
    }
  }
}
fragment Alert on DetectionAlert {
  id
  number
  detection
  state
  verdict
  note
  who
  created
  changed
  last
  repeats
  version
  finding {
    ...Finding
  }
  deliveries {
    channel
    state
    problem
  }
}`),"\n  mutation SettleAlerts($ids: [ID!]!, $state: AlertState!, $verdict: AlertVerdict, $note: String, $version: Int) {\n    settleAlerts(ids: $ids, state: $state, verdict: $verdict, note: $note, version: $version) { ...Alert }\n  }\n":new o(`
    mutation SettleAlerts($ids: [ID!]!, $state: AlertState!, $verdict: AlertVerdict, $note: String, $version: Int) {
  settleAlerts(
    ids: $ids
    state: $state
    verdict: $verdict
    note: $note
    version: $version
  ) {
    ...Alert
  }
}
    fragment Finding on Finding {
  id
  hunt
  title
  level
  score
  attack
  summary
  firstSeen
  lastSeen
  evidence
  benign
  ruleOut
  eventsToPull {
    words
  }
  notEvaluable {
    title
    opens
  }
  entities {
    role
    entity {
      id
      label
      name
    }
  }
}
fragment Alert on DetectionAlert {
  id
  number
  detection
  state
  verdict
  note
  who
  created
  changed
  last
  repeats
  version
  finding {
    ...Finding
  }
  deliveries {
    channel
    state
    problem
  }
}`),"\n  query Detections {\n    detections {\n      id kind subject title parameters scope since schedule suppress channels enabled version lastRun outcome notes nextRun alerts open\n      allowed { pattern reason until everywhere }\n    }\n    channels { name kind level }\n    hunts { id title visible }\n  }\n":new o(`
    query Detections {
  detections {
    id
    kind
    subject
    title
    parameters
    scope
    since
    schedule
    suppress
    channels
    enabled
    version
    lastRun
    outcome
    notes
    nextRun
    alerts
    open
    allowed {
      pattern
      reason
      until
      everywhere
    }
  }
  channels {
    name
    kind
    level
  }
  hunts {
    id
    title
    visible
  }
}
    `),"\n  mutation AddDetection($id: ID!, $hunt: String!, $since: String, $schedule: String, $suppress: String, $channels: [String!], $pastKnown: Boolean!) {\n    addDetection(id: $id, hunt: $hunt, since: $since, schedule: $schedule, suppress: $suppress, channels: $channels, pastKnown: $pastKnown) { id }\n  }\n":new o(`
    mutation AddDetection($id: ID!, $hunt: String!, $since: String, $schedule: String, $suppress: String, $channels: [String!], $pastKnown: Boolean!) {
  addDetection(
    id: $id
    hunt: $hunt
    since: $since
    schedule: $schedule
    suppress: $suppress
    channels: $channels
    pastKnown: $pastKnown
  ) {
    id
  }
}
    `),"\n  mutation SwitchDetection($id: ID!, $enabled: Boolean!) { changeDetection(id: $id, enabled: $enabled) { id } }\n":new o(`
    mutation SwitchDetection($id: ID!, $enabled: Boolean!) {
  changeDetection(id: $id, enabled: $enabled) {
    id
  }
}
    `),"\n  mutation RemoveDetection($id: ID!) { removeDetection(id: $id) }\n":new o(`
    mutation RemoveDetection($id: ID!) {
  removeDetection(id: $id)
}
    `),"\n  mutation Detect { detect { detection outcome findings new repeated letPass notes } }\n":new o(`
    mutation Detect {
  detect {
    detection
    outcome
    findings
    new
    repeated
    letPass
    notes
  }
}
    `),"\n  query Indicators($ranked: Boolean!, $search: String!, $after: String) {\n    indicators(ranked: $ranked, search: $search, first: 100, after: $after) {\n      totalCount\n      edges { node { kind value sources confidence tlp since until techniques met lastMet reached } }\n    }\n  }\n":new o(`
    query Indicators($ranked: Boolean!, $search: String!, $after: String) {
  indicators(ranked: $ranked, search: $search, first: 100, after: $after) {
    totalCount
    edges {
      node {
        kind
        value
        sources
        confidence
        tlp
        since
        until
        techniques
        met
        lastMet
        reached
      }
    }
  }
}
    `),"\n  query Sightings($value: String!, $kind: IndicatorKind) {\n    indicator(value: $value, kind: $kind) { value sightings(first: 100) { totalCount edges { node { event } } } }\n  }\n":new o(`
    query Sightings($value: String!, $kind: IndicatorKind) {
  indicator(value: $value, kind: $kind) {
    value
    sightings(first: 100) {
      totalCount
      edges {
        node {
          event
        }
      }
    }
  }
}
    `),"\n  mutation ImportIndicators($text: String!, $source: String!) {\n    importIndicators(text: $text, source: $source) { new changed same sightings alerts problems }\n  }\n":new o(`
    mutation ImportIndicators($text: String!, $source: String!) {
  importIndicators(text: $text, source: $source) {
    new
    changed
    same
    sightings
    alerts
    problems
  }
}
    `),"\n  mutation AllowIndicator($value: String!, $kind: IndicatorKind, $reason: String!) { allowIndicator(value: $value, kind: $kind, reason: $reason) }\n":new o(`
    mutation AllowIndicator($value: String!, $kind: IndicatorKind, $reason: String!) {
  allowIndicator(value: $value, kind: $kind, reason: $reason)
}
    `),"\n  query ExportIndicators($format: IndicatorFormat!) { indicatorExport(format: $format, sightings: true) }\n":new o(`
    query ExportIndicators($format: IndicatorFormat!) {
  indicatorExport(format: $format, sightings: true)
}
    `),"\n  query About($entities: [String!]) {\n    runs(first: 5) {\n      edges {\n        node {\n          id\n          findings(filter: { entities: $entities }, order: GRAVEST, first: 20) {\n            totalCount\n            edges { node { id title level summary firstSeen } }\n          }\n        }\n      }\n    }\n  }\n":new o(`
    query About($entities: [String!]) {
  runs(first: 5) {
    edges {
      node {
        id
        findings(filter: {entities: $entities}, order: GRAVEST, first: 20) {
          totalCount
          edges {
            node {
              id
              title
              level
              summary
              firstSeen
            }
          }
        }
      }
    }
  }
}
    `),"\n  query EntityPage($id: ID!) {\n    node(id: $id) {\n      id\n      ... on Entity {\n        key name label firstSeen lastSeen tags\n        relations { kind outgoing label total }\n      }\n      ... on User { domain sid upn kind privileged jobTitle department }\n      ... on Host { shortName hostDomain: domain role tier0 }\n      ... on IP { scope country asn }\n      ... on Message { subject sender direction spf dkim dmarc }\n      ... on Mailbox { mailDomain: domain internal }\n      ... on Url { host }\n      ... on Domain { country }\n      ... on File { sha256 }\n      ... on Process { image commandLine processHost: host integrity startKind: kind pid }\n      ... on MailRule { actions conditions }\n      ... on Persistence { persistenceKind: kind path persistenceHost: host }\n      ... on Group { sid privileged }\n      ... on Alert { level product techniques }\n      ... on Indicator { indicatorKind: kind value source }\n    }\n  }\n":new o(`
    query EntityPage($id: ID!) {
  node(id: $id) {
    id
    ... on Entity {
      key
      name
      label
      firstSeen
      lastSeen
      tags
      relations {
        kind
        outgoing
        label
        total
      }
    }
    ... on User {
      domain
      sid
      upn
      kind
      privileged
      jobTitle
      department
    }
    ... on Host {
      shortName
      hostDomain: domain
      role
      tier0
    }
    ... on IP {
      scope
      country
      asn
    }
    ... on Message {
      subject
      sender
      direction
      spf
      dkim
      dmarc
    }
    ... on Mailbox {
      mailDomain: domain
      internal
    }
    ... on Url {
      host
    }
    ... on Domain {
      country
    }
    ... on File {
      sha256
    }
    ... on Process {
      image
      commandLine
      processHost: host
      integrity
      startKind: kind
      pid
    }
    ... on MailRule {
      actions
      conditions
    }
    ... on Persistence {
      persistenceKind: kind
      path
      persistenceHost: host
    }
    ... on Group {
      sid
      privileged
    }
    ... on Alert {
      level
      product
      techniques
    }
    ... on Indicator {
      indicatorKind: kind
      value
      source
    }
  }
}
    `),"\n  query Links($of: String!) {\n    identities(of: $of, refused: true, first: 50) {\n      totalCount\n      edges { node { kind left right reason confidence refused first last count sample } }\n    }\n  }\n":new o(`
    query Links($of: String!) {
  identities(of: $of, refused: true, first: 50) {
    totalCount
    edges {
      node {
        kind
        left
        right
        reason
        confidence
        refused
        first
        last
        count
        sample
      }
    }
  }
}
    `),"\n  query Neighbours($id: ID!, $kinds: [String!], $labels: [String!], $direction: Direction!, $since: DateTime, $until: DateTime, $after: String) {\n    node(id: $id) {\n      ... on Entity {\n        neighbors(kinds: $kinds, labels: $labels, direction: $direction, since: $since, until: $until, first: 25, after: $after) {\n          totalCount\n          pageInfo { hasNextPage endCursor }\n          edges { node { entity { id label key name } kind outgoing firstSeen lastSeen count properties { name value } } }\n        }\n      }\n    }\n  }\n":new o(`
    query Neighbours($id: ID!, $kinds: [String!], $labels: [String!], $direction: Direction!, $since: DateTime, $until: DateTime, $after: String) {
  node(id: $id) {
    ... on Entity {
      neighbors(
        kinds: $kinds
        labels: $labels
        direction: $direction
        since: $since
        until: $until
        first: 25
        after: $after
      ) {
        totalCount
        pageInfo {
          hasNextPage
          endCursor
        }
        edges {
          node {
            entity {
              id
              label
              key
              name
            }
            kind
            outgoing
            firstSeen
            lastSeen
            count
            properties {
              name
              value
            }
          }
        }
      }
    }
  }
}
    `),"\n  query EntityTimeline($of: [String!]!, $since: String, $until: String, $bucket: String!) {\n    timeline(entities: $of, since: $since, until: $until, bucket: $bucket) { at kind count }\n  }\n":new o(`
    query EntityTimeline($of: [String!]!, $since: String, $until: String, $bucket: String!) {
  timeline(entities: $of, since: $since, until: $until, bucket: $bucket) {
    at
    kind
    count
  }
}
    `),"\n  query EventsOf($of: [String!]!, $since: String, $until: String, $tables: [String!], $after: String) {\n    events(entities: $of, since: $since, until: $until, tables: $tables, first: 50, after: $after) {\n      totalCount\n      pageInfo { hasNextPage endCursor }\n      edges { node { id } }\n    }\n  }\n":new o(`
    query EventsOf($of: [String!]!, $since: String, $until: String, $tables: [String!], $after: String) {
  events(
    entities: $of
    since: $since
    until: $until
    tables: $tables
    first: 50
    after: $after
  ) {
    totalCount
    pageInfo {
      hasNextPage
      endCursor
    }
    edges {
      node {
        id
      }
    }
  }
}
    `),"\n  query EdgesEvidence($id: ID!, $since: DateTime, $until: DateTime) {\n    node(id: $id) {\n      ... on Entity { edges(first: 100, since: $since, until: $until) { totalCount edges { node { evidenceIds } } } }\n    }\n  }\n":new o(`
    query EdgesEvidence($id: ID!, $since: DateTime, $until: DateTime) {
  node(id: $id) {
    ... on Entity {
      edges(first: 100, since: $since, until: $until) {
        totalCount
        edges {
          node {
            evidenceIds
          }
        }
      }
    }
  }
}
    `),"\n  query Suggest($text: String!) { search(text: $text, first: 8) { edges { node { entity { id label name key } } } } }\n":new o(`
    query Suggest($text: String!) {
  search(text: $text, first: 8) {
    edges {
      node {
        entity {
          id
          label
          name
          key
        }
      }
    }
  }
}
    `),"\n  mutation SaveGraph($case: ID!, $name: String!, $entity: String!, $asked: JSON) {\n    saveView(case: $case, name: $name, entity: $entity, asked: $asked) { number }\n  }\n":new o(`
    mutation SaveGraph($case: ID!, $name: String!, $entity: String!, $asked: JSON) {
  saveView(case: $case, name: $name, entity: $entity, asked: $asked) {
    number
  }
}
    `),"\n  query EntityById($id: ID!) { node(id: $id) { id ... on Entity { label key name firstSeen lastSeen } } }\n":new o(`
    query EntityById($id: ID!) {
  node(id: $id) {
    id
    ... on Entity {
      label
      key
      name
      firstSeen
      lastSeen
    }
  }
}
    `),"\n  query Counts($id: ID!, $since: DateTime, $until: DateTime) {\n    node(id: $id) { ... on Entity { relations(since: $since, until: $until) { kind outgoing label total } } }\n  }\n":new o(`
    query Counts($id: ID!, $since: DateTime, $until: DateTime) {
  node(id: $id) {
    ... on Entity {
      relations(since: $since, until: $until) {
        kind
        outgoing
        label
        total
      }
    }
  }
}
    `),"\n  query Rarest($id: ID!, $kind: String!, $label: String!, $direction: Direction!, $first: Int!, $after: String) {\n    node(id: $id) {\n      ... on Entity {\n        neighbors(kinds: [$kind], labels: [$label], direction: $direction, order: RARE, first: $first, after: $after) {\n          totalCount\n          pageInfo { hasNextPage endCursor }\n          edges { node { entity { id label key name } firstSeen lastSeen count } }\n        }\n      }\n    }\n  }\n":new o(`
    query Rarest($id: ID!, $kind: String!, $label: String!, $direction: Direction!, $first: Int!, $after: String) {
  node(id: $id) {
    ... on Entity {
      neighbors(
        kinds: [$kind]
        labels: [$label]
        direction: $direction
        order: RARE
        first: $first
        after: $after
      ) {
        totalCount
        pageInfo {
          hasNextPage
          endCursor
        }
        edges {
          node {
            entity {
              id
              label
              key
              name
            }
            firstSeen
            lastSeen
            count
          }
        }
      }
    }
  }
}
    `),"\n  query EdgesOf($id: ID!, $kinds: [String!], $labels: [String!], $direction: Direction!, $to: String, $after: String) {\n    node(id: $id) {\n      ... on Entity {\n        edges(kinds: $kinds, labels: $labels, direction: $direction, to: $to, first: 100, after: $after) {\n          totalCount\n          pageInfo { hasNextPage endCursor }\n          edges {\n            node {\n              key kind outgoing firstSeen lastSeen count evidenceIds\n              other { id label key name }\n              properties { name value }\n            }\n          }\n        }\n      }\n    }\n  }\n":new o(`
    query EdgesOf($id: ID!, $kinds: [String!], $labels: [String!], $direction: Direction!, $to: String, $after: String) {
  node(id: $id) {
    ... on Entity {
      edges(
        kinds: $kinds
        labels: $labels
        direction: $direction
        to: $to
        first: 100
        after: $after
      ) {
        totalCount
        pageInfo {
          hasNextPage
          endCursor
        }
        edges {
          node {
            key
            kind
            outgoing
            firstSeen
            lastSeen
            count
            evidenceIds
            other {
              id
              label
              key
              name
            }
            properties {
              name
              value
            }
          }
        }
      }
    }
  }
}
    `),"\n  query PathBetween($from: String!, $to: String!, $since: DateTime, $until: DateTime) {\n    path(from: $from, to: $to, since: $since, until: $until) {\n      likelihood\n      hops {\n        at rule words evidence likelihood\n        source { label key name entity { id } }\n        target { label key name entity { id } }\n      }\n    }\n  }\n":new o(`
    query PathBetween($from: String!, $to: String!, $since: DateTime, $until: DateTime) {
  path(from: $from, to: $to, since: $since, until: $until) {
    likelihood
    hops {
      at
      rule
      words
      evidence
      likelihood
      source {
        label
        key
        name
        entity {
          id
        }
      }
      target {
        label
        key
        name
        entity {
          id
        }
      }
    }
  }
}
    `),"\n  query Applicable { hunts(visible: true) { id title tactic } }\n":new o(`
    query Applicable {
  hunts(visible: true) {
    id
    title
    tactic
  }
}
    `),"\n  query Library {\n    hunts {\n      id title description hypothesis tactic attack level visible benign ruleOut response cypher\n      missing { name title opens }\n      parameters { name type default help }\n    }\n  }\n":new o(`
    query Library {
  hunts {
    id
    title
    description
    hypothesis
    tactic
    attack
    level
    visible
    benign
    ruleOut
    response
    cypher
    missing {
      name
      title
      opens
    }
    parameters {
      name
      type
      default
      help
    }
  }
}
    `),"\n  fragment Run on Run {\n    id state problem hunts who since until created ended\n    progress { done total }\n    outcomes { hunt state coldStart notes seconds found cannotSee { name title opens } }\n    findings(first: 1) { totalCount }\n  }\n":l,"\n  query RecentRuns {\n    runs(first: 8) { edges { node { id state hunts created progress { done total } findings(first: 1) { totalCount } } } }\n  }\n":new o(`
    query RecentRuns {
  runs(first: 8) {
    edges {
      node {
        id
        state
        hunts
        created
        progress {
          done
          total
        }
        findings(first: 1) {
          totalCount
        }
      }
    }
  }
}
    `),"\n  mutation RunHunts($ids: [String!], $parameters: JSON, $scope: [String!], $since: String, $until: String) {\n    runHunts(ids: $ids, parameters: $parameters, scope: $scope, since: $since, until: $until) { id }\n  }\n":new o(`
    mutation RunHunts($ids: [String!], $parameters: JSON, $scope: [String!], $since: String, $until: String) {
  runHunts(
    ids: $ids
    parameters: $parameters
    scope: $scope
    since: $since
    until: $until
  ) {
    id
  }
}
    `),"\n  mutation CancelRun($id: ID!) { cancelRun(id: $id) { id state } }\n":new o(`
    mutation CancelRun($id: ID!) {
  cancelRun(id: $id) {
    id
    state
  }
}
    `),"\n  query OneRun($id: ID!) { run(id: $id) { ...Run } }\n":new o(`
    query OneRun($id: ID!) {
  run(id: $id) {
    ...Run
  }
}
    fragment Run on Run {
  id
  state
  problem
  hunts
  who
  since
  until
  created
  ended
  progress {
    done
    total
  }
  outcomes {
    hunt
    state
    coldStart
    notes
    seconds
    found
    cannotSee {
      name
      title
      opens
    }
  }
  findings(first: 1) {
    totalCount
  }
}`),"\n  subscription RunProgress($id: ID!) { runProgress(id: $id) { ...Run } }\n":new o(`
    subscription RunProgress($id: ID!) {
  runProgress(id: $id) {
    ...Run
  }
}
    fragment Run on Run {
  id
  state
  problem
  hunts
  who
  since
  until
  created
  ended
  progress {
    done
    total
  }
  outcomes {
    hunt
    state
    coldStart
    notes
    seconds
    found
    cannotSee {
      name
      title
      opens
    }
  }
  findings(first: 1) {
    totalCount
  }
}`),"\n  query RunFindings($id: ID!, $after: String) {\n    run(id: $id) {\n      id\n      findings(first: 100, after: $after) {\n        totalCount\n        pageInfo { hasNextPage endCursor }\n        edges {\n          node { ...Finding }\n        }\n      }\n    }\n  }\n":new o(`
    query RunFindings($id: ID!, $after: String) {
  run(id: $id) {
    id
    findings(first: 100, after: $after) {
      totalCount
      pageInfo {
        hasNextPage
        endCursor
      }
      edges {
        node {
          ...Finding
        }
      }
    }
  }
}
    fragment Finding on Finding {
  id
  hunt
  title
  level
  score
  attack
  summary
  firstSeen
  lastSeen
  evidence
  benign
  ruleOut
  eventsToPull {
    words
  }
  notEvaluable {
    title
    opens
  }
  entities {
    role
    entity {
      id
      label
      name
    }
  }
}`),"\n  fragment Upload on Upload {\n    id name bytes sha256 state problem who created ended\n    progress { phase records source done total }\n    result {\n      records used notUsed quarantined edges rebuilt sightings seconds sources\n      reasons { reason count }\n      rows { table rows }\n      duplicates { table rows }\n      accounts(first: 50) {\n        totalCount\n        edges { node { name outcome loader records used problem notUsed { reason count } quarantined { reason count } } }\n      }\n    }\n  }\n":u,"\n  query Uploads { uploads(first: 10) { totalCount edges { node { ...Upload } } } }\n":new o(`
    query Uploads {
  uploads(first: 10) {
    totalCount
    edges {
      node {
        ...Upload
      }
    }
  }
}
    fragment Upload on Upload {
  id
  name
  bytes
  sha256
  state
  problem
  who
  created
  ended
  progress {
    phase
    records
    source
    done
    total
  }
  result {
    records
    used
    notUsed
    quarantined
    edges
    rebuilt
    sightings
    seconds
    sources
    reasons {
      reason
      count
    }
    rows {
      table
      rows
    }
    duplicates {
      table
      rows
    }
    accounts(first: 50) {
      totalCount
      edges {
        node {
          name
          outcome
          loader
          records
          used
          problem
          notUsed {
            reason
            count
          }
          quarantined {
            reason
            count
          }
        }
      }
    }
  }
}`),"\n  subscription LoadProgress($id: ID!) { loadProgress(id: $id) { ...Upload } }\n":new o(`
    subscription LoadProgress($id: ID!) {
  loadProgress(id: $id) {
    ...Upload
  }
}
    fragment Upload on Upload {
  id
  name
  bytes
  sha256
  state
  problem
  who
  created
  ended
  progress {
    phase
    records
    source
    done
    total
  }
  result {
    records
    used
    notUsed
    quarantined
    edges
    rebuilt
    sightings
    seconds
    sources
    reasons {
      reason
      count
    }
    rows {
      table
      rows
    }
    duplicates {
      table
      rows
    }
    accounts(first: 50) {
      totalCount
      edges {
        node {
          name
          outcome
          loader
          records
          used
          problem
          notUsed {
            reason
            count
          }
          quarantined {
            reason
            count
          }
        }
      }
    }
  }
}`),"\n  mutation CancelUpload($id: ID!) { cancelUpload(id: $id) { ...Upload } }\n":new o(`
    mutation CancelUpload($id: ID!) {
  cancelUpload(id: $id) {
    ...Upload
  }
}
    fragment Upload on Upload {
  id
  name
  bytes
  sha256
  state
  problem
  who
  created
  ended
  progress {
    phase
    records
    source
    done
    total
  }
  result {
    records
    used
    notUsed
    quarantined
    edges
    rebuilt
    sightings
    seconds
    sources
    reasons {
      reason
      count
    }
    rows {
      table
      rows
    }
    duplicates {
      table
      rows
    }
    accounts(first: 50) {
      totalCount
      edges {
        node {
          name
          outcome
          loader
          records
          used
          problem
          notUsed {
            reason
            count
          }
          quarantined {
            reason
            count
          }
        }
      }
    }
  }
}`),"\n  query LoadCounts { status { first last records used notUsed quarantined tables { table rows } } }\n":new o(`
    query LoadCounts {
  status {
    first
    last
    records
    used
    notUsed
    quarantined
    tables {
      table
      rows
    }
  }
}
    `),"\n  query SignIns($since: String, $accounts: [String!]) {\n    signIns(since: $since, accounts: $accounts) {\n      country highRisk users addresses\n      tally { successes failures risky firstSeen lastSeen }\n    }\n  }\n":new o(`
    query SignIns($since: String, $accounts: [String!]) {
  signIns(since: $since, accounts: $accounts) {
    country
    highRisk
    users
    addresses
    tally {
      successes
      failures
      risky
      firstSeen
      lastSeen
    }
  }
}
    `),"\n  query SignInsFrom($country: String!, $since: String, $accounts: [String!]) {\n    signInsFrom(country: $country, since: $since, accounts: $accounts, first: 100) {\n      account { id label name }\n      address { id label name }\n      tally { successes failures risky firstSeen lastSeen }\n    }\n  }\n":new o(`
    query SignInsFrom($country: String!, $since: String, $accounts: [String!]) {
  signInsFrom(country: $country, since: $since, accounts: $accounts, first: 100) {
    account {
      id
      label
      name
    }
    address {
      id
      label
      name
    }
    tally {
      successes
      failures
      risky
      firstSeen
      lastSeen
    }
  }
}
    `),"\n  query Loaded { status { first last records } }\n":new o(`
    query Loaded {
  status {
    first
    last
    records
  }
}
    `),"\n  query StandingOut {\n    runs(first: 1) {\n      edges {\n        node {\n          id state created progress { done total }\n          incidents(first: 5) {\n            totalCount\n            edges {\n              node {\n                id title level summary firstSeen lastSeen\n                entities { entity { id label name } }\n                findings(first: 1) { totalCount }\n              }\n            }\n          }\n        }\n      }\n    }\n  }\n":new o(`
    query StandingOut {
  runs(first: 1) {
    edges {
      node {
        id
        state
        created
        progress {
          done
          total
        }
        incidents(first: 5) {
          totalCount
          edges {
            node {
              id
              title
              level
              summary
              firstSeen
              lastSeen
              entities {
                entity {
                  id
                  label
                  name
                }
              }
              findings(first: 1) {
                totalCount
              }
            }
          }
        }
      }
    }
  }
}
    `),"\n  query Waits {\n    alerts(states: [NEW], first: 4) { totalCount edges { node { id finding { title level summary } } } }\n    cases(closed: false, first: 4) { totalCount edges { node { id title changed } } }\n  }\n":new o(`
    query Waits {
  alerts(states: [NEW], first: 4) {
    totalCount
    edges {
      node {
        id
        finding {
          title
          level
          summary
        }
      }
    }
  }
  cases(closed: false, first: 4) {
    totalCount
    edges {
      node {
        id
        title
        changed
      }
    }
  }
}
    `),"\n  mutation HuntAll { runHunts { id } }\n":new o(`
    mutation HuntAll {
  runHunts {
    id
  }
}
    `),"\n  query Find($text: String!, $labels: [String!]) {\n    search(text: $text, labels: $labels, first: 40) {\n      totalCount\n      edges { node { how entity { id label name key firstSeen lastSeen } } }\n    }\n  }\n":new o(`
    query Find($text: String!, $labels: [String!]) {
  search(text: $text, labels: $labels, first: 40) {
    totalCount
    edges {
      node {
        how
        entity {
          id
          label
          name
          key
          firstSeen
          lastSeen
        }
      }
    }
  }
}
    `)};function f(e){return d[e]??{}}export{a as n,f as t};