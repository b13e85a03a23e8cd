import { useState } from "preact/hooks";
import { useAsk } from "../../api/asked";
import { ask } from "../../api/client";
import type { IndicatorFormat } from "../../api/generated/graphql";
import { Dialog } from "../../parts/Dialog";
import { Failed, None, Waiting } from "../../parts/State";
import { save } from "../../parts/save";
import { t } from "../../words";
import { GiveIndicators } from "./GiveIndicators";
import { IndicatorTable } from "./IndicatorTable";
import { ExportIndicators, Indicators as Document } from "./indicatorDocuments";

const FORMATS: Record<IndicatorFormat, [string, string]> = {
  STIX: ["indicators.stix.json", "application/json"],
  MISP: ["indicators.misp.json", "application/json"],
  CSV: ["indicators.csv", "text/csv"],
};

/** The indicators that are watched for: who says so, and where they were met. */
export function Indicators() {
  const [search, setSearch] = useState("");
  const [ranked, setRanked] = useState(false);
  const [giving, setGiving] = useState(false);
  const [error, setError] = useState<Error | null>(null);
  const asked = useAsk(Document, { search, ranked, after: null });
  const rows = asked.data?.indicators.edges.map((edge) => edge.node) ?? [];
  const total = asked.data?.indicators.totalCount ?? 0;
  const exported = (format: IndicatorFormat) => {
    const [name, type] = FORMATS[format];
    ask(ExportIndicators, { format }).then(({ indicatorExport }) => save(name, type, indicatorExport ?? ""), setError);
  };
  return (
    <>
      <div class="row">
        <input type="search" aria-label={t("indicators.search")} placeholder={t("indicators.search")} value={search} onInput={(event) => setSearch(event.currentTarget.value)} />
        <label class="row">
          <input type="checkbox" checked={ranked} onChange={(event) => setRanked(event.currentTarget.checked)} />
          {t("indicators.ranked")}
        </label>
        <span class="row push">
          {(Object.keys(FORMATS) as IndicatorFormat[]).map((format) => (
            <button key={format} type="button" class="quiet" disabled={!total} onClick={() => exported(format)}>
              {t("indicators.export", { format: format === "STIX" ? "STIX 2.1" : format })}
            </button>
          ))}
          <button type="button" class="primary" onClick={() => setGiving(true)}>
            {t("indicators.give")}
          </button>
        </span>
      </div>
      {error && <Failed error={error} />}
      {asked.error && <Failed error={asked.error} again={asked.again} />}
      {!asked.data && asked.waiting && <Waiting />}
      {asked.data && total > rows.length && <p class="faint">{t("findings.more", { shown: rows.length, total })}</p>}
      {asked.data && (rows.length ? <IndicatorTable rows={rows} ranked={ranked} again={asked.again} /> : <None>{t("indicators.none")}</None>)}
      <Dialog open={giving} title={t("indicators.give")} onClose={() => setGiving(false)} wide>
        <GiveIndicators again={asked.again} />
      </Dialog>
    </>
  );
}
