import{C as e,S as t,d as n,g as r,h as i,v as a,w as o}from"./index-sEw7YQEJ.js";function s(n,i){let[s,c]=o({data:null,error:null,waiting:i!==null}),[l,u]=o(0),d=i===null?null:JSON.stringify(i),f=e(null);return t(()=>{if(i===null)return c({data:null,error:null,waiting:!1});let e=new AbortController;return c(e=>({...e,waiting:!0})),r(n,i,e.signal).then(e=>c({data:e,error:null,waiting:!1}),t=>e.signal.aborted||c({data:null,error:t,waiting:!1})),f.current=d,()=>e.abort()},[n,d,l,a.value]),{...s,again:()=>u(e=>e+1)}}var c=class extends String{__apiType;value;__meta__;constructor(e,t){super(e),this.value=e,this.__meta__=t}toString(){return this.value}},l=new c(`
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
    `,{fragmentName:`Run`}),u={"\n  query EvidenceOf($ids: [String!]!) { evidence(ids: $ids) { id table time code row raw rawMissing } }\n":new c(`
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
    `),"\n  query EntityPage($id: ID!) {\n    node(id: $id) {\n      id\n      ... on Entity {\n        key name label firstSeen lastSeen\n        relations { kind outgoing label total }\n      }\n      ... on User { domain sid upn kind privileged jobTitle department }\n      ... on Host { shortName hostDomain: domain role tier0 }\n      ... on IP { scope country asn }\n      ... on Message { subject sender direction spf dkim dmarc }\n      ... on Mailbox { mailDomain: domain internal }\n      ... on Url { host }\n      ... on Domain { country }\n      ... on File { sha256 }\n      ... on Process { image commandLine processHost: host integrity startKind: kind pid }\n      ... on MailRule { actions conditions }\n      ... on Persistence { persistenceKind: kind path persistenceHost: host }\n      ... on Group { sid privileged }\n      ... on Alert { level product techniques }\n      ... on Indicator { indicatorKind: kind value source }\n    }\n  }\n":new c(`
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
    `),"\n  query Links($of: String!) {\n    identities(of: $of, refused: true, first: 50) {\n      totalCount\n      edges { node { kind left right reason confidence refused first last count sample } }\n    }\n  }\n":new c(`
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
    `),"\n  query Neighbours($id: ID!, $kinds: [String!], $labels: [String!], $direction: Direction!, $since: DateTime, $until: DateTime, $after: String) {\n    node(id: $id) {\n      ... on Entity {\n        neighbors(kinds: $kinds, labels: $labels, direction: $direction, since: $since, until: $until, first: 25, after: $after) {\n          totalCount\n          pageInfo { hasNextPage endCursor }\n          edges { node { entity { id label key name } kind outgoing firstSeen lastSeen count properties { name value } } }\n        }\n      }\n    }\n  }\n":new c(`
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
    `),"\n  query EntityTimeline($of: [String!]!, $since: String, $until: String, $bucket: String!) {\n    timeline(entities: $of, since: $since, until: $until, bucket: $bucket) { at kind count }\n  }\n":new c(`
    query EntityTimeline($of: [String!]!, $since: String, $until: String, $bucket: String!) {
  timeline(entities: $of, since: $since, until: $until, bucket: $bucket) {
    at
    kind
    count
  }
}
    `),"\n  query EventsOf($of: [String!]!, $since: String, $until: String, $tables: [String!], $after: String) {\n    events(entities: $of, since: $since, until: $until, tables: $tables, first: 50, after: $after) {\n      totalCount\n      pageInfo { hasNextPage endCursor }\n      edges { node { id } }\n    }\n  }\n":new c(`
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
    `),"\n  query EdgesEvidence($id: ID!, $since: DateTime, $until: DateTime) {\n    node(id: $id) {\n      ... on Entity { edges(first: 100, since: $since, until: $until) { totalCount edges { node { evidenceIds } } } }\n    }\n  }\n":new c(`
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
    `),"\n  query Suggest($text: String!) { search(text: $text, first: 8) { edges { node { entity { id label name key } } } } }\n":new c(`
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
    `),"\n  query EntityById($id: ID!) { node(id: $id) { id ... on Entity { label key name firstSeen lastSeen } } }\n":new c(`
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
    `),"\n  query Counts($id: ID!, $since: DateTime, $until: DateTime) {\n    node(id: $id) { ... on Entity { relations(since: $since, until: $until) { kind outgoing label total } } }\n  }\n":new c(`
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
    `),"\n  query Rarest($id: ID!, $kind: String!, $label: String!, $direction: Direction!, $first: Int!, $after: String) {\n    node(id: $id) {\n      ... on Entity {\n        neighbors(kinds: [$kind], labels: [$label], direction: $direction, order: RARE, first: $first, after: $after) {\n          totalCount\n          pageInfo { hasNextPage endCursor }\n          edges { node { entity { id label key name } firstSeen lastSeen count } }\n        }\n      }\n    }\n  }\n":new c(`
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
    `),"\n  query EdgesOf($id: ID!, $kinds: [String!], $labels: [String!], $direction: Direction!, $to: String, $after: String) {\n    node(id: $id) {\n      ... on Entity {\n        edges(kinds: $kinds, labels: $labels, direction: $direction, to: $to, first: 100, after: $after) {\n          totalCount\n          pageInfo { hasNextPage endCursor }\n          edges {\n            node {\n              key kind outgoing firstSeen lastSeen count evidenceIds\n              other { id label key name }\n              properties { name value }\n            }\n          }\n        }\n      }\n    }\n  }\n":new c(`
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
    `),"\n  query PathBetween($from: String!, $to: String!, $since: DateTime, $until: DateTime) {\n    path(from: $from, to: $to, since: $since, until: $until) {\n      likelihood\n      hops {\n        at rule words evidence likelihood\n        source { label key name entity { id } }\n        target { label key name entity { id } }\n      }\n    }\n  }\n":new c(`
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
    `),"\n  query Applicable { hunts(visible: true) { id title tactic } }\n":new c(`
    query Applicable {
  hunts(visible: true) {
    id
    title
    tactic
  }
}
    `),"\n  query Library {\n    hunts {\n      id title description hypothesis tactic attack level visible benign ruleOut response cypher\n      missing { name title opens }\n      parameters { name type default help }\n    }\n  }\n":new c(`
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
    `),"\n  fragment Run on Run {\n    id state problem hunts who since until created ended\n    progress { done total }\n    outcomes { hunt state coldStart notes seconds found cannotSee { name title opens } }\n    findings(first: 1) { totalCount }\n  }\n":l,"\n  query RecentRuns {\n    runs(first: 8) { edges { node { id state hunts created progress { done total } findings(first: 1) { totalCount } } } }\n  }\n":new c(`
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
    `),"\n  mutation RunHunts($ids: [String!], $parameters: JSON, $scope: [String!], $since: String, $until: String) {\n    runHunts(ids: $ids, parameters: $parameters, scope: $scope, since: $since, until: $until) { id }\n  }\n":new c(`
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
    `),"\n  mutation CancelRun($id: ID!) { cancelRun(id: $id) { id state } }\n":new c(`
    mutation CancelRun($id: ID!) {
  cancelRun(id: $id) {
    id
    state
  }
}
    `),"\n  query OneRun($id: ID!) { run(id: $id) { ...Run } }\n":new c(`
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
}`),"\n  subscription RunProgress($id: ID!) { runProgress(id: $id) { ...Run } }\n":new c(`
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
}`),"\n  query RunFindings($id: ID!, $after: String) {\n    run(id: $id) {\n      id\n      findings(first: 100, after: $after) {\n        totalCount\n        pageInfo { hasNextPage endCursor }\n        edges {\n          node {\n            id hunt title level score attack summary firstSeen lastSeen evidence\n            entities { role entity { id label name key } }\n          }\n        }\n      }\n    }\n  }\n":new c(`
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
    `),"\n  query Find($text: String!, $labels: [String!]) {\n    search(text: $text, labels: $labels, first: 40) {\n      totalCount\n      edges { node { how entity { id label name key firstSeen lastSeen } } }\n    }\n  }\n":new c(`
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
    `),"\n  query Loaded { status { first last records } }\n":new c(`
    query Loaded {
  status {
    first
    last
    records
  }
}
    `)};function d(e){return u[e]??{}}function f(e){return e==null?`–`:new Date(e).toISOString().replace(`T`,` `).slice(0,19)}function p(e){return new Date(e).toISOString().slice(0,10)}var m=[[864e5,`d`],[36e5,`h`],[6e4,`min`],[1e3,`s`]];function h(e){for(let[t,n]of m)if(e>=t)return`${Math.round(e/t*10)/10} ${n}`;return`${Math.round(e)} ms`}var g=160,_=/[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/g;function v(e,t=g){return(e.length>t?`${e.slice(0,t-1)}…`:e).replace(_,e=>`\\u${e.charCodeAt(0).toString(16).padStart(4,`0`)}`)}function y({children:e,cut:t=g,class:r}){let i=v(e,t);return n(`bdi`,{class:r?`text ${r}`:`text`,title:i===e?void 0:v(e,1e3),children:i})}var b={User:{colour:`--kind-user`,shape:`circle`},Host:{colour:`--kind-host`,shape:`square`},IP:{colour:`--kind-ip`,shape:`diamond`},Process:{colour:`--kind-process`,shape:`hexagon`},Mailbox:{colour:`--kind-mailbox`,shape:`ring`},Message:{colour:`--kind-message`,shape:`triangle`},Url:{colour:`--kind-url`,shape:`diamond`},Domain:{colour:`--kind-domain`,shape:`ring`},File:{colour:`--kind-file`,shape:`square`},MailRule:{colour:`--kind-rule`,shape:`triangle`},Persistence:{colour:`--kind-persistence`,shape:`hexagon`},App:{colour:`--kind-app`,shape:`hexagon`},Group:{colour:`--kind-group`,shape:`ring`},Alert:{colour:`--kind-alert`,shape:`triangle`},Indicator:{colour:`--kind-alert`,shape:`diamond`},Directory:{colour:`--kind-group`,shape:`hexagon`}},x=Object.keys(b).filter(e=>e!==`Directory`);function S(e){return b[e]??{colour:`--ink-soft`,shape:`circle`}}var C={circle:`M8 2.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11z`,square:`M3.5 3.5h9v9h-9z`,diamond:`M8 1.8 14.2 8 8 14.2 1.8 8z`,triangle:`M8 2.3 14.2 13H1.8z`,hexagon:`M8 1.9l5.3 3v6.2L8 14.1l-5.3-3V4.9z`,ring:`M8 2.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11zM8 5.5a2.5 2.5 0 1 1 0 5 2.5 2.5 0 0 1 0-5z`};function w({label:e}){let t=S(e);return n(`svg`,{class:`mark kind-${e}`,viewBox:`0 0 16 16`,role:`img`,"aria-label":i(`kind.${e}`),children:n(`path`,{d:C[t.shape],"fill-rule":`evenodd`})})}export{y as a,f as c,s as d,S as i,h as l,x as n,v as o,C as r,p as s,w as t,d as u};