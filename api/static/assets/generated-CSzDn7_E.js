import{D as e,E as t,T as n,_ as r,b as i}from"./index-tiYSfkX-.js";function a(a,o){let[s,c]=e({data:null,error:null,waiting:o!==null}),[l,u]=e(0),d=o===null?null:JSON.stringify(o),f=t(null);return n(()=>{if(o===null)return c({data:null,error:null,waiting:!1});let e=new AbortController;return c(e=>({...e,waiting:!0})),r(a,o,e.signal).then(e=>c({data:e,error:null,waiting:!1}),t=>e.signal.aborted||c({data:null,error:t,waiting:!1})),f.current=d,()=>e.abort()},[a,d,l,i.value]),{...s,again:()=>u(e=>e+1)}}var o=class extends String{__apiType;value;__meta__;constructor(e,t){super(e),this.value=e,this.__meta__=t}toString(){return this.value}},s=new o(`
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
    `,{fragmentName:`Run`}),c=new o(`
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
    `,{fragmentName:`Upload`}),l={"\n  query EvidenceOf($ids: [String!]!) { evidence(ids: $ids) { id table time code row raw rawMissing } }\n":new o(`
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
    `),"\n  query EntityPage($id: ID!) {\n    node(id: $id) {\n      id\n      ... on Entity {\n        key name label firstSeen lastSeen\n        relations { kind outgoing label total }\n      }\n      ... on User { domain sid upn kind privileged jobTitle department }\n      ... on Host { shortName hostDomain: domain role tier0 }\n      ... on IP { scope country asn }\n      ... on Message { subject sender direction spf dkim dmarc }\n      ... on Mailbox { mailDomain: domain internal }\n      ... on Url { host }\n      ... on Domain { country }\n      ... on File { sha256 }\n      ... on Process { image commandLine processHost: host integrity startKind: kind pid }\n      ... on MailRule { actions conditions }\n      ... on Persistence { persistenceKind: kind path persistenceHost: host }\n      ... on Group { sid privileged }\n      ... on Alert { level product techniques }\n      ... on Indicator { indicatorKind: kind value source }\n    }\n  }\n":new o(`
    query EntityPage($id: ID!) {
  node(id: $id) {
    id
    ... on Entity {
      key
      name
      label
      firstSeen
      lastSeen
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
    `),"\n  fragment Run on Run {\n    id state problem hunts who since until created ended\n    progress { done total }\n    outcomes { hunt state coldStart notes seconds found cannotSee { name title opens } }\n    findings(first: 1) { totalCount }\n  }\n":s,"\n  query RecentRuns {\n    runs(first: 8) { edges { node { id state hunts created progress { done total } findings(first: 1) { totalCount } } } }\n  }\n":new o(`
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
}`),"\n  query RunFindings($id: ID!, $after: String) {\n    run(id: $id) {\n      id\n      findings(first: 100, after: $after) {\n        totalCount\n        pageInfo { hasNextPage endCursor }\n        edges {\n          node {\n            id hunt title level score attack summary firstSeen lastSeen evidence\n            entities { role entity { id label name key } }\n          }\n        }\n      }\n    }\n  }\n":new o(`
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
          entities {
            role
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
  }
}
    `),"\n  fragment Upload on Upload {\n    id name bytes sha256 state problem who created ended\n    progress { phase records source done total }\n    result {\n      records used notUsed quarantined edges rebuilt sightings seconds sources\n      reasons { reason count }\n      rows { table rows }\n      duplicates { table rows }\n      accounts(first: 50) {\n        totalCount\n        edges { node { name outcome loader records used problem notUsed { reason count } quarantined { reason count } } }\n      }\n    }\n  }\n":c,"\n  query Uploads { uploads(first: 10) { totalCount edges { node { ...Upload } } } }\n":new o(`
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
    `),"\n  query Loaded { status { first last records } }\n":new o(`
    query Loaded {
  status {
    first
    last
    records
  }
}
    `)};function u(e){return l[e]??{}}export{a as n,u as t};