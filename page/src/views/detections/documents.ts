/** What the detections' screens ask, hear and change. */
import { graphql } from "../../api/generated";
import type { AlertFragment, DetectionsQuery } from "../../api/generated/graphql";

export const AlertShape = graphql(`
  fragment Alert on DetectionAlert {
    id number detection state verdict note who created changed last repeats version
    finding { ...Finding }
    deliveries { channel state problem }
  }
`);
export type Alert = AlertFragment;

export const Alerts = graphql(`
  query Alerts($states: [AlertState!], $detection: String, $after: String) {
    alerts(states: $states, detection: $detection, first: 50, after: $after) {
      totalCount
      pageInfo { hasNextPage endCursor }
      edges { node { ...Alert } }
    }
  }
`);
export const NewAlerts = graphql(`
  subscription NewAlerts($after: Int) { newAlerts(after: $after) { ...Alert } }
`);
export const SettleAlerts = graphql(`
  mutation SettleAlerts($ids: [ID!]!, $state: AlertState!, $verdict: AlertVerdict, $note: String, $version: Int) {
    settleAlerts(ids: $ids, state: $state, verdict: $verdict, note: $note, version: $version) { ...Alert }
  }
`);

export const Detections = graphql(`
  query Detections {
    detections {
      id kind subject title parameters scope since schedule suppress channels enabled version lastRun outcome notes nextRun alerts open
      allowed { pattern reason until everywhere }
    }
    channels { name kind level }
    hunts { id title visible }
  }
`);
export type Told = DetectionsQuery;
export type Detection = Told["detections"][number];

export const AddDetection = graphql(`
  mutation AddDetection($id: ID!, $hunt: String!, $since: String, $schedule: String, $suppress: String, $channels: [String!], $pastKnown: Boolean!) {
    addDetection(id: $id, hunt: $hunt, since: $since, schedule: $schedule, suppress: $suppress, channels: $channels, pastKnown: $pastKnown) { id }
  }
`);
export const SwitchDetection = graphql(`
  mutation SwitchDetection($id: ID!, $enabled: Boolean!) { changeDetection(id: $id, enabled: $enabled) { id } }
`);
export const RemoveDetection = graphql(`
  mutation RemoveDetection($id: ID!) { removeDetection(id: $id) }
`);
export const Detect = graphql(`
  mutation Detect { detect { detection outcome findings new repeated letPass notes } }
`);
