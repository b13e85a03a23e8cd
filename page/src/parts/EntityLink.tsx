import { Mark } from "../kinds/Kind";
import { to } from "../shell/router";
import { Text } from "./Text";

interface Named {
  id: string;
  label: string;
  name: string;
}

/** An entity as a link to its page. */
export function EntityLink({ entity, cut = 60 }: { entity: Named; cut?: number }) {
  return (
    <a class="entity-link" href={to("entity", [entity.id])}>
      <Mark label={entity.label} />
      <Text cut={cut}>{entity.name}</Text>
    </a>
  );
}
