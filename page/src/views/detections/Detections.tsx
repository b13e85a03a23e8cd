import { amend, to } from "../../shell/router";
import { t } from "../../words";
import type { ViewProps } from "../registry";
import { AlertList } from "./AlertList";
import { DetectionList } from "./DetectionList";
import "./detections.css";
import { Indicators } from "./Indicators";

const TABS = { alerts: AlertList, detections: DetectionList, indicators: Indicators };
type Tab = keyof typeof TABS;

/** Alerts as they are raised, the detections that raise them, and the indicators that are watched for. */
export default function Detections({ place }: ViewProps) {
  const names = Object.keys(TABS) as Tab[];
  const shown = names.find((name) => name === place.args[0]) ?? "alerts";
  const Shown = TABS[shown];
  return (
    <div class="detections stack">
      <h1>{t("detections.title")}</h1>
      <div class="tabs" role="tablist" aria-label={t("detections.title")}>
        {names.map((name) => (
          <button
            key={name}
            type="button"
            role="tab"
            id={`tab-${name}`}
            aria-selected={name === shown}
            aria-controls="detections-part"
            onClick={() => amend(to("detections", name === "alerts" ? [] : [name]))}
          >
            {t(`detections.part.${name}`)}
          </button>
        ))}
      </div>
      <div id="detections-part" role="tabpanel" aria-labelledby={`tab-${shown}`} class="stack">
        <Shown place={place} />
      </div>
    </div>
  );
}
