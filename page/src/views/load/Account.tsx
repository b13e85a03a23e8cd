import { Text } from "../../parts/Text";
import { number, t } from "../../words";
import type { Result } from "./documents";

const PARTS = ["used", "notUsed", "quarantined"] as const;

/** What came of a file: every record is used, not used or quarantined, and the sources that had trouble come first. */
export function Account({ result }: { result: Result }) {
  const sources = result.accounts.edges.map((edge) => edge.node);
  const same = result.duplicates.reduce((sum, one) => sum + one.rows, 0);
  return (
    <div class="stack account">
      <svg class="share" viewBox="0 0 100 1" preserveAspectRatio="none" role="img" aria-label={t("load.shares", { used: number(result.used), notUsed: number(result.notUsed), quarantined: number(result.quarantined) })}>
        {bars(result).map(({ part, at, width }) => (
          <rect key={part} class={part} x={at} y={0} width={width} height={1} />
        ))}
      </svg>
      <dl class="row counts">
        <Count name="records" value={result.records} />
        {PARTS.map((part) => (
          <Count key={part} name={part} value={result[part]} part={part} />
        ))}
        <Count name="edges" value={result.edges} />
        {same > 0 && <Count name="duplicates" value={same} />}
        {result.sightings > 0 && <Count name="sightings" value={result.sightings} />}
      </dl>
      {result.reasons.length > 0 && (
        <div>
          <h3>{t("load.reasons")}</h3>
          <ul class="notes">
            {result.reasons.map((one) => (
              <li key={one.reason}>
                <span class="number">{number(one.count)}</span> <Text>{one.reason}</Text>
              </li>
            ))}
          </ul>
        </div>
      )}
      <details open={result.quarantined > 0 || sources.some((one) => one.problem)}>
        <summary>{t("load.sources", { n: result.sources })}</summary>
        <div class="scroll">
          <table>
            <thead>
              <tr>
                <th>{t("load.source")}</th>
                <th>{t("load.outcome")}</th>
                <th>{t("load.loader")}</th>
                <th class="number">{t("load.count.records")}</th>
                <th class="number">{t("load.count.used")}</th>
                <th class="number">{t("load.count.quarantined")}</th>
                <th>{t("load.note")}</th>
              </tr>
            </thead>
            <tbody>
              {sources.map((one, index) => (
                <tr key={index}>
                  <td>
                    <Text cut={80}>{one.name}</Text>
                  </td>
                  <td>
                    <span class={`badge ${one.problem ? "high" : one.outcome === "loaded" ? "good" : ""}`}>{t(`load.outcome.${one.outcome.replace(" ", "_")}`)}</span>
                  </td>
                  <td>{one.loader ?? "–"}</td>
                  <td class="number">{number(one.records)}</td>
                  <td class="number">{number(one.used)}</td>
                  <td class="number">{number(one.quarantined.reduce((sum, reason) => sum + reason.count, 0))}</td>
                  <td class="soft">{one.problem && <Text cut={300}>{one.problem}</Text>}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
      {result.rebuilt && <p class="faint">{t("load.rebuilt", { why: result.rebuilt })}</p>}
    </div>
  );
}

function bars(result: Result): { part: string; at: number; width: number }[] {
  const all = Math.max(1, result.records);
  let at = 0;
  return PARTS.map((part) => {
    const width = (100 * result[part]) / all;
    at += width;
    return { part, at: at - width, width };
  });
}

function Count({ name, value, part = "" }: { name: string; value: number; part?: string }) {
  return (
    <div>
      <dt>
        {part && <i class={part} aria-hidden="true" />}
        {t(`load.count.${name}`)}
      </dt>
      <dd class="number">{number(value)}</dd>
    </div>
  );
}
