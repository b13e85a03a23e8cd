import { useAsk } from "../../api/asked";
import { Failed, Waiting } from "../../parts/State";
import { t } from "../../words";
import type { ViewProps } from "../registry";
import { Library } from "./documents";
import { HuntPage } from "./HuntPage";
import "./hunts.css";
import { HuntList } from "./HuntList";
import { Overview } from "./Overview";
import { RunPage } from "./RunPage";

/** The library beside what was chosen of it: nothing yet, a hunt, or a run (`#/hunts/run/<id>`). */
export default function Hunts({ place }: ViewProps) {
  const library = useAsk(Library, {});
  const hunts = library.data?.hunts ?? [];
  const [first, second] = place.args;
  if (library.error) return <Failed error={library.error} again={library.again} />;
  if (!library.data) return <Waiting />;
  if (first === "run" && second) return <RunPage key={second} id={second} hunts={hunts} />;
  const chosen = hunts.find((hunt) => hunt.id === first);
  return (
    <div class="hunts">
      <HuntList hunts={hunts} chosen={first ?? ""} />
      <div class="hunts-main">
        {first && !chosen ? (
          <Failed error={new Error(t("hunts.unknown"))} />
        ) : chosen ? (
          <HuntPage key={chosen.id} hunt={chosen} scope={place.query.getAll("scope")} />
        ) : (
          <Overview hunts={hunts} />
        )}
      </div>
    </div>
  );
}
