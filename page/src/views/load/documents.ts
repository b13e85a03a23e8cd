/** What the loading screen asks and hears. */
import { graphql } from "../../api/generated";
import type { UploadFragment } from "../../api/generated/graphql";

export const UploadShape = graphql(`
  fragment Upload on Upload {
    id name bytes sha256 state problem who created ended
    progress { phase records source done total }
    result {
      records used notUsed quarantined edges rebuilt sightings seconds sources
      reasons { reason count }
      rows { table rows }
      duplicates { table rows }
      accounts(first: 50) {
        totalCount
        edges { node { name outcome loader records used problem notUsed { reason count } quarantined { reason count } } }
      }
    }
  }
`);
export type Upload = UploadFragment;
export type Result = NonNullable<Upload["result"]>;

export const Uploads = graphql(`
  query Uploads { uploads(first: 10) { totalCount edges { node { ...Upload } } } }
`);
export const LoadProgress = graphql(`
  subscription LoadProgress($id: ID!) { loadProgress(id: $id) { ...Upload } }
`);
export const CancelUpload = graphql(`
  mutation CancelUpload($id: ID!) { cancelUpload(id: $id) { ...Upload } }
`);
export const LoadCounts = graphql(`
  query LoadCounts { status { first last records used notUsed quarantined tables { table rows } } }
`);
