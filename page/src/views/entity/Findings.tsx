import { useAsk } from "../../api/asked";
import { graphql } from "../../api/generated";
import { Text } from "../../parts/Text";
import { to } from "../../shell/router";
import { t } from "../../words";
import { moment } from "../../words/moment";
import { named, type Shown } from "./documents";

const About = graphql(`
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
`);
const LISTED = 8;

/** What the latest runs found about it, the gravest first; one that several runs found is told once. */
export function Findings({ entity }: { entity: Shown }) {
  const runs = useAsk(About, { entities: [named(entity)] }).data?.runs.edges.map((edge) => edge.node) ?? [];
  const found = new Map(
    runs.flatMap((run) => run.findings.edges.map(({ node }) => [`${node.title} ${node.summary}`, { ...node, run: run.id }] as const)).reverse(),
  );
  if (!found.size) return null;
  const shown = [...found.values()].reverse().slice(0, LISTED);
  return (
    <section class="card" aria-labelledby="findings">
      <header>
        <h2 id="findings">{t("entity.findings")}</h2>
        <span class="faint">{found.size}</span>
      </header>
      <ul class="entity-findings">
        {shown.map((one) => (
          <li key={one.id} class="leveled">
            <span class={`badge ${one.level}`}>{t(`level.${one.level}`)}</span>
            <div>
              <a href={to("hunts", ["run", one.run])}>{one.title}</a>
              <p class="soft">
                <Text cut={240}>{one.summary}</Text>
              </p>
              <time class="faint number">{moment(one.firstSeen).slice(0, 16)}</time>
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}
