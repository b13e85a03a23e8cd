import{E as e,S as t,a as n,i as r,l as i,n as a,o,r as s,s as c,t as l,w as u}from"./State-KW4fi90A.js";import{n as d,t as f}from"./generated-Bygfw54d.js";import{i as p,n as m,r as h}from"./remembered-gowyEX7a.js";import{t as g}from"./Evidence-IYB2p-mA.js";import{a as _,i as v,n as y}from"./moment-DlubFRaj.js";import{c as b,o as x}from"./index-CJe0i17E.js";import{t as S}from"./Kind-D8QI8Wku.js";import{t as C}from"./EntityLink-CFLGCFzI.js";import{n as w,t as T}from"./Histogram-BeG2nTl2.js";var E=f(`
  query EntityPage($id: ID!) {
    node(id: $id) {
      id
      ... on Entity {
        key name label firstSeen lastSeen tags
        relations { kind outgoing label total }
      }
      ... on User { domain sid upn kind privileged jobTitle department }
      ... on Host { shortName hostDomain: domain role tier0 }
      ... on IP { scope country asn }
      ... on Message { subject sender direction spf dkim dmarc }
      ... on Mailbox { mailDomain: domain internal }
      ... on Url { host }
      ... on Domain { country }
      ... on File { sha256 }
      ... on Process { image commandLine processHost: host integrity startKind: kind pid }
      ... on MailRule { actions conditions }
      ... on Persistence { persistenceKind: kind path persistenceHost: host }
      ... on Group { sid privileged }
      ... on Alert { level product techniques }
      ... on Indicator { indicatorKind: kind value source }
    }
  }
`),D=f(`
  query Links($of: String!) {
    identities(of: $of, refused: true, first: 50) {
      totalCount
      edges { node { kind left right reason confidence refused first last count sample } }
    }
  }
`),O=f(`
  query Neighbours($id: ID!, $kinds: [String!], $labels: [String!], $direction: Direction!, $since: DateTime, $until: DateTime, $after: String) {
    node(id: $id) {
      ... on Entity {
        neighbors(kinds: $kinds, labels: $labels, direction: $direction, since: $since, until: $until, first: 25, after: $after) {
          totalCount
          pageInfo { hasNextPage endCursor }
          edges { node { entity { id label key name } kind outgoing firstSeen lastSeen count properties { name value } } }
        }
      }
    }
  }
`),k=f(`
  query EntityTimeline($of: [String!]!, $since: String, $until: String, $bucket: String!) {
    timeline(entities: $of, since: $since, until: $until, bucket: $bucket) { at kind count }
  }
`),A=f(`
  query EventsOf($of: [String!]!, $since: String, $until: String, $tables: [String!], $after: String) {
    events(entities: $of, since: $since, until: $until, tables: $tables, first: 50, after: $after) {
      totalCount
      pageInfo { hasNextPage endCursor }
      edges { node { id } }
    }
  }
`),j=f(`
  query EdgesEvidence($id: ID!, $since: DateTime, $until: DateTime) {
    node(id: $id) {
      ... on Entity { edges(first: 100, since: $since, until: $until) { totalCount edges { node { evidenceIds } } } }
    }
  }
`);function M(e){return!!e&&`label`in e}function N(e){return`${e.label}:${e.key}`}function P(e){return[`User`,`Host`,`IP`,`Mailbox`].includes(e)}var F=50;function I({entity:e,span:n,tables:o}){let[c,f]=u([]);t(()=>f([]),[n?.since,n?.until,o.join()]);let p=d(A,{of:[N(e)],since:n?new Date(n.since).toISOString():null,until:n?new Date(n.until).toISOString():null,tables:o.length?o:null,after:c.at(-1)??null}),m=p.data?.events,h=m?.edges.map(e=>e.node.id)??[],_=c.length*F;return r(`section`,{class:`card`,"aria-labelledby":`events`,children:[r(`header`,{children:[r(`h2`,{id:`events`,children:i(`entity.events`)}),m&&r(`span`,{class:`faint`,children:m.totalCount>h.length?i(`entity.page`,{from:_+1,to:_+h.length,total:m.totalCount}):i(`entity.times`,{n:m.totalCount})}),m&&m.totalCount>F&&r(`span`,{class:`push row`,children:[r(`button`,{type:`button`,class:`quiet`,disabled:!c.length,onClick:()=>f(c.slice(0,-1)),children:i(`entity.before`)}),r(`button`,{type:`button`,class:`quiet`,disabled:!m.pageInfo.hasNextPage,onClick:()=>f([...c,m.pageInfo.endCursor??``]),children:i(`entity.after`)})]})]}),p.error&&r(l,{error:p.error,again:p.again}),!m&&p.waiting&&r(s,{}),m&&(h.length?r(g,{ids:h},h[0]):r(a,{children:i(`entity.none_in_span`)}))]})}function L({entity:e}){let t=d(j,{id:e.id,since:null,until:null}),n=t.data?.node,o=n&&`edges`in n?n.edges:null,c=[...new Set(o?.edges.flatMap(e=>e.node.evidenceIds)??[])].slice(0,100);return r(`section`,{class:`card`,"aria-labelledby":`events`,children:[r(`header`,{children:r(`h2`,{id:`events`,children:i(`entity.events`)})}),t.error&&r(l,{error:t.error,again:t.again}),o?c.length?r(g,{ids:c}):r(a,{}):r(s,{})]})}var R=f(`
  query About($entities: [String!]) {
    runs(first: 5) {
      edges {
        node {
          id
          findings(filter: { entities: $entities }, order: GRAVEST, first: 20) {
            totalCount
            edges { node { id title level summary firstSeen } }
          }
        }
      }
    }
  }
`),z=8;function B({entity:e}){let t=d(R,{entities:[N(e)]}).data?.runs.edges.map(e=>e.node)??[],n=new Map(t.flatMap(e=>e.findings.edges.map(({node:t})=>[`${t.title} ${t.summary}`,{...t,run:e.id}])).reverse());if(!n.size)return null;let a=[...n.values()].reverse().slice(0,z);return r(`section`,{class:`card`,"aria-labelledby":`findings`,children:[r(`header`,{children:[r(`h2`,{id:`findings`,children:i(`entity.findings`)}),r(`span`,{class:`faint`,children:n.size})]}),r(`ul`,{class:`entity-findings`,children:a.map(e=>r(`li`,{class:`leveled`,children:[r(`span`,{class:`badge ${e.level}`,children:i(`level.${e.level}`)}),r(`div`,{children:[r(`a`,{href:x(`hunts`,[`run`,e.run]),children:e.title}),r(`p`,{class:`soft`,children:r(v,{cut:240,children:e.summary})}),r(`time`,{class:`faint number`,children:y(e.firstSeen).slice(0,16)})]})]},e.id))})]})}function V(e){try{return new Intl.DisplayNames(n.value,{type:`region`}).of(e.toUpperCase())??e}catch{return e}}var H=`kind.upn.sid.domain.hostDomain.role.shortName.jobTitle.department.scope.country.asn.subject.sender.direction.spf.dkim.dmarc.mailDomain.host.sha256.image.commandLine.processHost.integrity.startKind.pid.actions.conditions.persistenceKind.path.persistenceHost.level.product.techniques.indicatorKind.value.source`.split(`.`),U=[`privileged`,`tier0`,`internal`];function W({entity:e,span:t}){let n=e,a=m(e.id),o=t?new Date(t.since).toISOString():e.firstSeen??void 0;return r(`header`,{class:`entity-head`,children:[r(`p`,{class:`soft row`,children:[r(S,{label:e.label,silent:!0}),` `,i(`kind.${e.label}`),U.filter(e=>n[e]===!0).map(e=>r(`span`,{class:e===`internal`?`badge`:`badge high`,children:i(`entity.flag.${e}`)},e)),e.tags.map(e=>r(`span`,{class:`badge`,children:r(v,{cut:40,children:e})},e))]}),r(`h1`,{children:r(v,{cut:200,children:e.name})}),r(`dl`,{class:`facts-line`,children:[r(G,{name:`first`,children:y(e.firstSeen)}),r(G,{name:`last`,children:y(e.lastSeen)}),H.filter(e=>n[e]!==null&&n[e]!==void 0&&n[e]!==``).map(e=>r(G,{name:e,children:r(v,{cut:240,children:e===`country`?V(String(n[e])):String(n[e])})},e)),e.key.toLowerCase()!==e.name.toLowerCase()&&r(G,{name:`key`,children:r(v,{class:`mono`,cut:120,children:e.key})})]}),r(`div`,{class:`row`,children:[r(`a`,{class:`button primary`,href:x(`graph`,[],{ids:e.id}),children:[r(b,{path:`M6 18 12 7l6 9M7 18l10-2M12 7a2 2 0 1 0 0-4 2 2 0 0 0 0 4M5 20a2 2 0 1 0 0-4 2 2 0 0 0 0 4M19 18a2 2 0 1 0 0-4 2 2 0 0 0 0 4`}),i(`entity.graph`)]}),[`User`,`Host`,`IP`,`Mailbox`].includes(e.label)&&r(`a`,{class:`button`,href:x(`blast`,[e.id],{at:o}),children:[r(b,{path:`M12 13a1 1 0 1 0 0-2 1 1 0 0 0 0 2M8 16a5.5 5.5 0 0 1 0-8M16 8a5.5 5.5 0 0 1 0 8M5 19a9.9 9.9 0 0 1 0-14M19 5a9.9 9.9 0 0 1 0 14`}),i(`entity.blast`)]}),r(`button`,{type:`button`,"aria-pressed":a,onClick:()=>p(e),children:[r(b,{path:`M9 4h6l-1 6 3 3H7l3-3zM12 13v7`}),i(a?`search.unpin`:`search.pin`)]})]})]})}function G({name:e,children:t}){return r(`div`,{children:[r(`dt`,{children:i(`entity.fact.${e}`)}),r(`dd`,{children:t})]})}function K({entity:t}){let n=[`User`,`Host`].includes(t.label)?t.key:N(t),a=d(D,[`User`,`Host`,`IP`,`Mailbox`].includes(t.label)?{of:n}:null).data?.identities.edges.map(e=>e.node)??[];if(!a.length)return null;let o=a.filter(e=>!e.refused),s=a.filter(e=>e.refused);return r(`section`,{class:`card`,"aria-labelledby":`identity`,children:[r(`header`,{children:[r(`h2`,{id:`identity`,children:i(`entity.identity`)}),r(`span`,{class:`faint`,children:i(`entity.identity.why`)})]}),r(q,{links:o}),s.length>0&&r(e,{children:[r(`h3`,{class:`apart`,children:i(`entity.identity.apart`)}),r(q,{links:s})]})]})}function q({links:t}){return r(`ul`,{class:`links`,children:t.map(t=>r(`li`,{children:[r(`p`,{class:`mono`,children:[r(v,{cut:80,children:t.left}),` `,r(`span`,{class:`faint`,children:t.refused?`≠`:`=`}),` `,r(v,{cut:80,children:t.right})]}),r(`p`,{class:`faint`,children:[t.refused??t.reason,` · `,i(`entity.times`,{n:t.count}),` · `,c(t.confidence),t.first&&r(e,{children:[` · `,y(t.first)]})]})]},`${t.left} ${t.right} ${t.reason}`))})}var J=new Set([`outcome`,`logon_type`,`package`,`via`,`application`,`operation`,`port`,`share`,`encryption`,`rights`]);function Y({entity:e,span:t}){let[n,s]=u(null),c=[...e.relations].sort((e,t)=>e.total-t.total);return r(`section`,{class:`card relations`,"aria-labelledby":`relations`,children:[r(`header`,{children:[r(`h2`,{id:`relations`,children:i(`entity.relations`)}),r(`span`,{class:`faint`,children:i(`entity.relations.order`)})]}),c.length===0&&r(a,{}),r(`ul`,{children:c.map(a=>{let c=`${a.kind} ${a.outgoing} ${a.label}`;return r(`li`,{children:[r(`button`,{type:`button`,class:`relation`,"aria-expanded":n===c,onClick:()=>s(n===c?null:c),children:[r(S,{label:a.label,silent:!0}),r(`span`,{children:[i(`relation.${a.kind}.${a.outgoing?`out`:`in`}`),` `,r(`span`,{class:`faint`,children:i(`kind.${a.label}`)})]}),r(`span`,{class:`push number`,children:o(a.total)})]}),n===c&&r(X,{entity:e,relation:a,span:t})]},c)})})]})}function X({entity:e,relation:t,span:n}){let[o,c]=u([]),f=d(O,{id:e.id,kinds:[t.kind],labels:[t.label],direction:t.outgoing?`OUTGOING`:`INCOMING`,since:n?new Date(n.since).toISOString():null,until:n?new Date(n.until).toISOString():null,after:o.at(-1)??null});if(f.error)return r(l,{error:f.error,again:f.again});let p=f.data?.node;if(!p||!(`neighbors`in p))return r(s,{small:!0});let{edges:m,pageInfo:h,totalCount:g}=p.neighbors;if(!m.length)return r(a,{children:i(`entity.none_in_span`)});let v=o.length*25;return r(`div`,{class:`neighbours`,children:[r(`ul`,{children:m.map(({node:e})=>r(`li`,{children:[r(C,{entity:e.entity,cut:44}),r(`p`,{class:`faint number`,children:[e.firstSeen===e.lastSeen?y(e.lastSeen):`${y(e.firstSeen)} – ${y(e.lastSeen)}`,` · `,i(`entity.times`,{n:e.count}),e.properties.filter(e=>J.has(e.name)).map(e=>r(`span`,{class:e.value===`failure`?`badge high`:`badge`,children:_(e.value,40)},e.name))]})]},e.entity.id))}),g>m.length&&r(`p`,{class:`row faint`,children:[i(`entity.page`,{from:v+1,to:v+m.length,total:g}),r(`button`,{type:`button`,class:`quiet push`,disabled:!o.length,onClick:()=>c(o.slice(0,-1)),children:i(`entity.before`)}),r(`button`,{type:`button`,class:`quiet`,disabled:!h.hasNextPage,onClick:()=>c([...o,h.endCursor??``]),children:i(`entity.after`)})]})]})}function Z({entity:e,span:t,brush:n,tables:a,choose:o}){let c=Date.parse(e.firstSeen??`1970-01-01`),u=Date.parse(e.lastSeen??`1970-01-01`)+1e3,f=w(u-c),p=new Date(c-c%f).toISOString(),m=new Date(u).toISOString(),h=d(k,{of:[N(e)],since:p,until:m,bucket:`${f/1e3}s`}),g=h.data?.timeline??[],_=[...new Set(g.map(e=>e.kind))];return r(`section`,{class:`card`,"aria-labelledby":`timeline`,children:[r(`header`,{children:[r(`h2`,{id:`timeline`,children:i(`entity.timeline`)}),r(`span`,{class:`row legend`,children:_.map(e=>r(`button`,{type:`button`,class:`chip table-${e}`,"aria-pressed":a.includes(e),onClick:()=>o(a.includes(e)?a.filter(t=>t!==e):[...a,e]),children:[r(`i`,{"aria-hidden":`true`}),i(`table.${e}`)]},e))})]}),h.error&&r(l,{error:h.error,again:h.again}),!h.data&&h.waiting&&r(s,{}),h.data&&r(T,{counts:g.filter(e=>!a.length||a.includes(e.kind)).map(e=>({...e,at:Date.parse(e.at)})),since:Date.parse(p),until:u,bucket:f,span:t,brush:n})]})}var Q=5e5;function $({place:e}){let n=e.args[0]??``,o=d(E,n&&n.length<=Q?{id:n}:null),c=o.data?.node,u=M(c)&&c.id===n?c:null;return t(()=>{u&&h(u)},[u?.id]),o.error?r(l,{error:o.error,again:o.again}):n?n.length>Q?r(a,{children:i(`entity.too_long`,{n:n.length})}):u?r(ee,{entity:u},u.id):r(s,{}):r(a,{children:i(`entity.which`)})}function ee({entity:e}){let[t,n]=u(null),[i,a]=u([]);return r(`div`,{class:`entity`,children:[r(W,{entity:e,span:t}),r(`div`,{class:`entity-columns`,children:[r(`div`,{class:`stack`,children:[P(e.label)&&r(Z,{entity:e,span:t,brush:n,tables:i,choose:a}),P(e.label)?r(I,{entity:e,span:t,tables:i}):r(L,{entity:e})]}),r(`div`,{class:`stack`,children:[r(B,{entity:e}),r(Y,{entity:e,span:t}),r(K,{entity:e})]})]})]})}export{$ as default};