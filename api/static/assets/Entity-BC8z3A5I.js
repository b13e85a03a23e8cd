import{D as e,T as t,c as n,d as r,f as i,h as a,k as o,l as s,m as c,o as l,p as u,s as d,u as f}from"./index-tiYSfkX-.js";import{n as p,t as m}from"./generated-CSzDn7_E.js";import{i as h,n as g,r as _}from"./remembered-DYA1NmxE.js";import{t as v}from"./Evidence-CtlzjhIB.js";import{t as y}from"./Kind-o6d-HGlH.js";import{a as b,i as x,n as S}from"./moment-9W_QfojA.js";import{t as C}from"./EntityLink-GXEECCdr.js";import{n as w,t as T}from"./Histogram-QSkYkC95.js";var E=m(`
  query EntityPage($id: ID!) {
    node(id: $id) {
      id
      ... on Entity {
        key name label firstSeen lastSeen
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
`),D=m(`
  query Links($of: String!) {
    identities(of: $of, refused: true, first: 50) {
      totalCount
      edges { node { kind left right reason confidence refused first last count sample } }
    }
  }
`),O=m(`
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
`),k=m(`
  query EntityTimeline($of: [String!]!, $since: String, $until: String, $bucket: String!) {
    timeline(entities: $of, since: $since, until: $until, bucket: $bucket) { at kind count }
  }
`),A=m(`
  query EventsOf($of: [String!]!, $since: String, $until: String, $tables: [String!], $after: String) {
    events(entities: $of, since: $since, until: $until, tables: $tables, first: 50, after: $after) {
      totalCount
      pageInfo { hasNextPage endCursor }
      edges { node { id } }
    }
  }
`),j=m(`
  query EdgesEvidence($id: ID!, $since: DateTime, $until: DateTime) {
    node(id: $id) {
      ... on Entity { edges(first: 100, since: $since, until: $until) { totalCount edges { node { evidenceIds } } } }
    }
  }
`);function M(e){return!!e&&`label`in e}function N(e){return`${e.label}:${e.key}`}function P(e){return[`User`,`Host`,`IP`,`Mailbox`].includes(e)}var F=50;function I({entity:i,span:o,tables:c}){let[l,u]=e([]);t(()=>u([]),[o?.since,o?.until,c.join()]);let d=p(A,{of:[N(i)],since:o?new Date(o.since).toISOString():null,until:o?new Date(o.until).toISOString():null,tables:c.length?c:null,after:l.at(-1)??null}),m=d.data?.events,h=m?.edges.map(e=>e.node.id)??[],g=l.length*F;return r(`section`,{class:`card`,"aria-labelledby":`events`,children:[r(`header`,{children:[r(`h2`,{id:`events`,children:a(`entity.events`)}),m&&r(`span`,{class:`faint`,children:m.totalCount>h.length?a(`entity.page`,{from:g+1,to:g+h.length,total:m.totalCount}):a(`entity.times`,{n:m.totalCount})}),m&&m.totalCount>F&&r(`span`,{class:`push row`,children:[r(`button`,{type:`button`,class:`quiet`,disabled:!l.length,onClick:()=>u(l.slice(0,-1)),children:a(`entity.before`)}),r(`button`,{type:`button`,class:`quiet`,disabled:!m.pageInfo.hasNextPage,onClick:()=>u([...l,m.pageInfo.endCursor??``]),children:a(`entity.after`)})]})]}),d.error&&r(n,{error:d.error,again:d.again}),!m&&d.waiting&&r(f,{}),m&&(h.length?r(v,{ids:h},h[0]):r(s,{children:a(`entity.none_in_span`)}))]})}function L({entity:e}){let t=p(j,{id:e.id,since:null,until:null}),i=t.data?.node,o=i&&`edges`in i?i.edges:null,c=[...new Set(o?.edges.flatMap(e=>e.node.evidenceIds)??[])].slice(0,100);return r(`section`,{class:`card`,"aria-labelledby":`events`,children:[r(`header`,{children:r(`h2`,{id:`events`,children:a(`entity.events`)})}),t.error&&r(n,{error:t.error,again:t.again}),o?c.length?r(v,{ids:c}):r(s,{}):r(f,{})]})}function R(e){try{return new Intl.DisplayNames(i.value,{type:`region`}).of(e.toUpperCase())??e}catch{return e}}var z=`kind.upn.sid.domain.hostDomain.role.shortName.jobTitle.department.scope.country.asn.subject.sender.direction.spf.dkim.dmarc.mailDomain.host.sha256.image.commandLine.processHost.integrity.startKind.pid.actions.conditions.persistenceKind.path.persistenceHost.level.product.techniques.indicatorKind.value.source`.split(`.`),B=[`privileged`,`tier0`,`internal`];function V({entity:e,span:t}){let n=e,i=g(e.id),o=t?new Date(t.since).toISOString():e.firstSeen??void 0;return r(`header`,{class:`entity-head`,children:[r(`p`,{class:`soft row`,children:[r(y,{label:e.label,silent:!0}),` `,a(`kind.${e.label}`),B.filter(e=>n[e]===!0).map(e=>r(`span`,{class:e===`internal`?`badge`:`badge high`,children:a(`entity.flag.${e}`)},e))]}),r(`h1`,{children:r(x,{cut:200,children:e.name})}),r(`dl`,{class:`facts-line`,children:[r(H,{name:`first`,children:S(e.firstSeen)}),r(H,{name:`last`,children:S(e.lastSeen)}),z.filter(e=>n[e]!==null&&n[e]!==void 0&&n[e]!==``).map(e=>r(H,{name:e,children:r(x,{cut:240,children:e===`country`?R(String(n[e])):String(n[e])})},e)),e.key.toLowerCase()!==e.name.toLowerCase()&&r(H,{name:`key`,children:r(x,{class:`mono`,cut:120,children:e.key})})]}),r(`div`,{class:`row`,children:[r(`a`,{class:`button primary`,href:l(`graph`,[],{ids:e.id}),children:[r(d,{path:`M6 18 12 7l6 9M7 18l10-2M12 7a2 2 0 1 0 0-4 2 2 0 0 0 0 4M5 20a2 2 0 1 0 0-4 2 2 0 0 0 0 4M19 18a2 2 0 1 0 0-4 2 2 0 0 0 0 4`}),a(`entity.graph`)]}),[`User`,`Host`,`IP`,`Mailbox`].includes(e.label)&&r(`a`,{class:`button`,href:l(`blast`,[e.id],{at:o}),children:[r(d,{path:`M12 13a1 1 0 1 0 0-2 1 1 0 0 0 0 2M8 16a5.5 5.5 0 0 1 0-8M16 8a5.5 5.5 0 0 1 0 8M5 19a9.9 9.9 0 0 1 0-14M19 5a9.9 9.9 0 0 1 0 14`}),a(`entity.blast`)]}),r(`button`,{type:`button`,"aria-pressed":i,onClick:()=>h(e),children:[r(d,{path:`M9 4h6l-1 6 3 3H7l3-3zM12 13v7`}),a(i?`search.unpin`:`search.pin`)]})]})]})}function H({name:e,children:t}){return r(`div`,{children:[r(`dt`,{children:a(`entity.fact.${e}`)}),r(`dd`,{children:t})]})}function U({entity:e}){let t=[`User`,`Host`].includes(e.label)?e.key:N(e),n=p(D,[`User`,`Host`,`IP`,`Mailbox`].includes(e.label)?{of:t}:null).data?.identities.edges.map(e=>e.node)??[];if(!n.length)return null;let i=n.filter(e=>!e.refused),s=n.filter(e=>e.refused);return r(`section`,{class:`card`,"aria-labelledby":`identity`,children:[r(`header`,{children:[r(`h2`,{id:`identity`,children:a(`entity.identity`)}),r(`span`,{class:`faint`,children:a(`entity.identity.why`)})]}),r(W,{links:i}),s.length>0&&r(o,{children:[r(`h3`,{class:`apart`,children:a(`entity.identity.apart`)}),r(W,{links:s})]})]})}function W({links:e}){return r(`ul`,{class:`links`,children:e.map(e=>r(`li`,{children:[r(`p`,{class:`mono`,children:[r(x,{cut:80,children:e.left}),` `,r(`span`,{class:`faint`,children:e.refused?`≠`:`=`}),` `,r(x,{cut:80,children:e.right})]}),r(`p`,{class:`faint`,children:[e.refused??e.reason,` · `,a(`entity.times`,{n:e.count}),` · `,c(e.confidence),e.first&&r(o,{children:[` · `,S(e.first)]})]})]},`${e.left} ${e.right} ${e.reason}`))})}var G=new Set([`outcome`,`logon_type`,`package`,`via`,`application`,`operation`,`port`,`share`,`encryption`,`rights`]);function K({entity:t,span:n}){let[i,o]=e(null),c=[...t.relations].sort((e,t)=>e.total-t.total);return r(`section`,{class:`card relations`,"aria-labelledby":`relations`,children:[r(`header`,{children:[r(`h2`,{id:`relations`,children:a(`entity.relations`)}),r(`span`,{class:`faint`,children:a(`entity.relations.order`)})]}),c.length===0&&r(s,{}),r(`ul`,{children:c.map(e=>{let s=`${e.kind} ${e.outgoing} ${e.label}`;return r(`li`,{children:[r(`button`,{type:`button`,class:`relation`,"aria-expanded":i===s,onClick:()=>o(i===s?null:s),children:[r(y,{label:e.label,silent:!0}),r(`span`,{children:[a(`relation.${e.kind}.${e.outgoing?`out`:`in`}`),` `,r(`span`,{class:`faint`,children:a(`kind.${e.label}`)})]}),r(`span`,{class:`push number`,children:u(e.total)})]}),i===s&&r(q,{entity:t,relation:e,span:n})]},s)})})]})}function q({entity:t,relation:i,span:o}){let[c,l]=e([]),u=p(O,{id:t.id,kinds:[i.kind],labels:[i.label],direction:i.outgoing?`OUTGOING`:`INCOMING`,since:o?new Date(o.since).toISOString():null,until:o?new Date(o.until).toISOString():null,after:c.at(-1)??null});if(u.error)return r(n,{error:u.error,again:u.again});let d=u.data?.node;if(!d||!(`neighbors`in d))return r(f,{small:!0});let{edges:m,pageInfo:h,totalCount:g}=d.neighbors;if(!m.length)return r(s,{children:a(`entity.none_in_span`)});let _=c.length*25;return r(`div`,{class:`neighbours`,children:[r(`ul`,{children:m.map(({node:e})=>r(`li`,{children:[r(C,{entity:e.entity,cut:44}),r(`p`,{class:`faint number`,children:[e.firstSeen===e.lastSeen?S(e.lastSeen):`${S(e.firstSeen)} – ${S(e.lastSeen)}`,` · `,a(`entity.times`,{n:e.count}),e.properties.filter(e=>G.has(e.name)).map(e=>r(`span`,{class:e.value===`failure`?`badge high`:`badge`,children:b(e.value,40)},e.name))]})]},e.entity.id))}),g>m.length&&r(`p`,{class:`row faint`,children:[a(`entity.page`,{from:_+1,to:_+m.length,total:g}),r(`button`,{type:`button`,class:`quiet push`,disabled:!c.length,onClick:()=>l(c.slice(0,-1)),children:a(`entity.before`)}),r(`button`,{type:`button`,class:`quiet`,disabled:!h.hasNextPage,onClick:()=>l([...c,h.endCursor??``]),children:a(`entity.after`)})]})]})}function J({entity:e,span:t,brush:i,tables:o,choose:s}){let c=Date.parse(e.firstSeen??`1970-01-01`),l=Date.parse(e.lastSeen??`1970-01-01`)+1e3,u=w(l-c),d=new Date(c-c%u).toISOString(),m=new Date(l).toISOString(),h=p(k,{of:[N(e)],since:d,until:m,bucket:`${u/1e3}s`}),g=h.data?.timeline??[],_=[...new Set(g.map(e=>e.kind))];return r(`section`,{class:`card`,"aria-labelledby":`timeline`,children:[r(`header`,{children:[r(`h2`,{id:`timeline`,children:a(`entity.timeline`)}),r(`span`,{class:`row legend`,children:_.map(e=>r(`button`,{type:`button`,class:`chip table-${e}`,"aria-pressed":o.includes(e),onClick:()=>s(o.includes(e)?o.filter(t=>t!==e):[...o,e]),children:[r(`i`,{"aria-hidden":`true`}),a(`table.${e}`)]},e))})]}),h.error&&r(n,{error:h.error,again:h.again}),!h.data&&h.waiting&&r(f,{}),h.data&&r(T,{counts:g.filter(e=>!o.length||o.includes(e.kind)).map(e=>({...e,at:Date.parse(e.at)})),since:Date.parse(d),until:l,bucket:u,span:t,brush:i})]})}var Y=5e5;function X({place:e}){let i=e.args[0]??``,o=p(E,i&&i.length<=Y?{id:i}:null),c=o.data?.node,l=M(c)&&c.id===i?c:null;return t(()=>{l&&_(l)},[l?.id]),o.error?r(n,{error:o.error,again:o.again}):i?i.length>Y?r(s,{children:a(`entity.too_long`,{n:i.length})}):l?r(Z,{entity:l},l.id):r(f,{}):r(s,{children:a(`entity.which`)})}function Z({entity:t}){let[n,i]=e(null),[a,o]=e([]);return r(`div`,{class:`entity`,children:[r(V,{entity:t,span:n}),r(`div`,{class:`entity-columns`,children:[r(`div`,{class:`stack`,children:[P(t.label)&&r(J,{entity:t,span:n,brush:i,tables:a,choose:o}),P(t.label)?r(I,{entity:t,span:n,tables:a}):r(L,{entity:t})]}),r(`div`,{class:`stack`,children:[r(K,{entity:t,span:n}),r(U,{entity:t})]})]})]})}export{X as default};