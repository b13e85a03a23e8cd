/** What the indicators' screen asks and changes. */
import { graphql } from "../../api/generated";
import type { IndicatorsQuery } from "../../api/generated/graphql";

export const Indicators = graphql(`
  query Indicators($ranked: Boolean!, $search: String!, $after: String) {
    indicators(ranked: $ranked, search: $search, first: 100, after: $after) {
      totalCount
      edges { node { kind value sources confidence tlp since until techniques met lastMet reached } }
    }
  }
`);
export type Kept = IndicatorsQuery["indicators"]["edges"][number]["node"];

export const Sightings = graphql(`
  query Sightings($value: String!, $kind: IndicatorKind) {
    indicator(value: $value, kind: $kind) { value sightings(first: 100) { totalCount edges { node { event } } } }
  }
`);
export const ImportIndicators = graphql(`
  mutation ImportIndicators($text: String!, $source: String!) {
    importIndicators(text: $text, source: $source) { new changed same sightings alerts problems }
  }
`);
export const AllowIndicator = graphql(`
  mutation AllowIndicator($value: String!, $kind: IndicatorKind, $reason: String!) { allowIndicator(value: $value, kind: $kind, reason: $reason) }
`);
export const ExportIndicators = graphql(`
  query ExportIndicators($format: IndicatorFormat!) { indicatorExport(format: $format, sightings: true) }
`);
