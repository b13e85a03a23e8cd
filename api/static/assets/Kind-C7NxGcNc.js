import{_ as e,c as t,f as n,g as r,h as i,m as a,p as o,v as s}from"./index-B_XSee-m.js";function c(t,n){let[i,c]=s({data:null,error:null,waiting:n!==null}),[l,u]=s(0),d=n===null?null:JSON.stringify(n),f=e(null);return r(()=>{if(n===null)return c({data:null,error:null,waiting:!1});let e=new AbortController;return c(e=>({...e,waiting:!0})),o(t,n,e.signal).then(e=>c({data:e,error:null,waiting:!1}),t=>e.signal.aborted||c({data:null,error:t,waiting:!1})),f.current=d,()=>e.abort()},[t,d,l,a.value]),{...i,again:()=>u(e=>e+1)}}var l=12;function u(e){try{let t=JSON.parse(localStorage.getItem(e)??`[]`);return Array.isArray(t)?t.filter(e=>typeof e?.id==`string`):[]}catch{return[]}}function d(e,t){localStorage.setItem(e,JSON.stringify(t))}var f=`graph-hunt.recent`,p=`graph-hunt.pinned`,m=i(u(f)),h=i(u(p));function g({id:e,label:t,name:n}){let r=m.value.filter(t=>t.id!==e);m.value=[{id:e,label:t,name:n.slice(0,300)},...r].slice(0,l),d(f,m.value)}function _(){m.value=[],d(f,[])}function v(e){return h.value.some(t=>t.id===e)}function y({id:e,label:t,name:n}){let r=h.value.filter(t=>t.id!==e);h.value=r.length<h.value.length?r:[...r,{id:e,label:t,name:n.slice(0,300)}],d(p,h.value)}var b=class extends String{__apiType;value;__meta__;constructor(e,t){super(e),this.value=e,this.__meta__=t}toString(){return this.value}},x={"\n  query EvidenceOf($ids: [String!]!) { evidence(ids: $ids) { id table time code row raw rawMissing } }\n":new b(`
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
    `),"\n  query EntityPage($id: ID!) {\n    node(id: $id) {\n      id\n      ... on Entity {\n        key name label firstSeen lastSeen\n        relations { kind outgoing label total }\n      }\n      ... on User { domain sid upn kind privileged jobTitle department }\n      ... on Host { shortName hostDomain: domain role tier0 }\n      ... on IP { scope country asn }\n      ... on Message { subject sender direction spf dkim dmarc }\n      ... on Mailbox { mailDomain: domain internal }\n      ... on Url { host }\n      ... on Domain { country }\n      ... on File { sha256 }\n      ... on Process { image commandLine processHost: host integrity startKind: kind pid }\n      ... on MailRule { actions conditions }\n      ... on Persistence { persistenceKind: kind path persistenceHost: host }\n      ... on Group { sid privileged }\n      ... on Alert { level product techniques }\n      ... on Indicator { indicatorKind: kind value source }\n    }\n  }\n":new b(`
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
    `),"\n  query Links($of: String!) {\n    identities(of: $of, refused: true, first: 50) {\n      totalCount\n      edges { node { kind left right reason confidence refused first last count sample } }\n    }\n  }\n":new b(`
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
    `),"\n  query Neighbours($id: ID!, $kinds: [String!], $labels: [String!], $direction: Direction!, $since: DateTime, $until: DateTime, $after: String) {\n    node(id: $id) {\n      ... on Entity {\n        neighbors(kinds: $kinds, labels: $labels, direction: $direction, since: $since, until: $until, first: 25, after: $after) {\n          totalCount\n          pageInfo { hasNextPage endCursor }\n          edges { node { entity { id label key name } kind outgoing firstSeen lastSeen count properties { name value } } }\n        }\n      }\n    }\n  }\n":new b(`
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
    `),"\n  query EntityTimeline($of: [String!]!, $since: String, $until: String, $bucket: String!) {\n    timeline(entities: $of, since: $since, until: $until, bucket: $bucket) { at kind count }\n  }\n":new b(`
    query EntityTimeline($of: [String!]!, $since: String, $until: String, $bucket: String!) {
  timeline(entities: $of, since: $since, until: $until, bucket: $bucket) {
    at
    kind
    count
  }
}
    `),"\n  query EventsOf($of: [String!]!, $since: String, $until: String, $tables: [String!], $after: String) {\n    events(entities: $of, since: $since, until: $until, tables: $tables, first: 50, after: $after) {\n      totalCount\n      pageInfo { hasNextPage endCursor }\n      edges { node { id } }\n    }\n  }\n":new b(`
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
    `),"\n  query EdgesEvidence($id: ID!, $since: DateTime, $until: DateTime) {\n    node(id: $id) {\n      ... on Entity { edges(first: 100, since: $since, until: $until) { totalCount edges { node { evidenceIds } } } }\n    }\n  }\n":new b(`
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
    `),"\n  query Find($text: String!, $labels: [String!]) {\n    search(text: $text, labels: $labels, first: 40) {\n      totalCount\n      edges { node { how entity { id label name key firstSeen lastSeen } } }\n    }\n  }\n":new b(`
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
    `),"\n  query Loaded { status { first last records } }\n":new b(`
    query Loaded {
  status {
    first
    last
    records
  }
}
    `)};function S(e){return x[e]??{}}function C(e){return e==null?`–`:new Date(e).toISOString().replace(`T`,` `).slice(0,19)}function w(e){return new Date(e).toISOString().slice(0,10)}var T=160,E=/[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/g;function D(e,t=T){return(e.length>t?`${e.slice(0,t-1)}…`:e).replace(E,e=>`\\u${e.charCodeAt(0).toString(16).padStart(4,`0`)}`)}function O({children:e,cut:n=T,class:r}){let i=D(e,n);return t(`bdi`,{class:r?`text ${r}`:`text`,title:i===e?void 0:D(e,1e3),children:i})}var k={User:{colour:`--kind-user`,shape:`circle`},Host:{colour:`--kind-host`,shape:`square`},IP:{colour:`--kind-ip`,shape:`diamond`},Process:{colour:`--kind-process`,shape:`hexagon`},Mailbox:{colour:`--kind-mailbox`,shape:`ring`},Message:{colour:`--kind-message`,shape:`triangle`},Url:{colour:`--kind-url`,shape:`diamond`},Domain:{colour:`--kind-domain`,shape:`ring`},File:{colour:`--kind-file`,shape:`square`},MailRule:{colour:`--kind-rule`,shape:`triangle`},Persistence:{colour:`--kind-persistence`,shape:`hexagon`},App:{colour:`--kind-app`,shape:`hexagon`},Group:{colour:`--kind-group`,shape:`ring`},Alert:{colour:`--kind-alert`,shape:`triangle`},Indicator:{colour:`--kind-alert`,shape:`diamond`},Directory:{colour:`--kind-group`,shape:`hexagon`}},A=Object.keys(k).filter(e=>e!==`Directory`);function j(e){return k[e]??{colour:`--ink-soft`,shape:`circle`}}var M={circle:`M8 2.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11z`,square:`M3.5 3.5h9v9h-9z`,diamond:`M8 1.8 14.2 8 8 14.2 1.8 8z`,triangle:`M8 2.3 14.2 13H1.8z`,hexagon:`M8 1.9l5.3 3v6.2L8 14.1l-5.3-3V4.9z`,ring:`M8 2.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11zM8 5.5a2.5 2.5 0 1 1 0 5 2.5 2.5 0 0 1 0-5z`};function N({label:e}){let r=j(e);return t(`svg`,{class:`mark kind-${e}`,viewBox:`0 0 16 16`,role:`img`,"aria-label":n(`kind.${e}`),children:t(`path`,{d:M[r.shape],"fill-rule":`evenodd`})})}export{w as a,_ as c,y as d,h as f,D as i,v as l,c as m,A as n,C as o,m as p,O as r,S as s,N as t,g as u};