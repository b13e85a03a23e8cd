import { useState } from "preact/hooks";
import { useAsk } from "../../api/asked";
import { Dialog } from "../../parts/Dialog";
import { Failed, None, Waiting } from "../../parts/State";
import { Text } from "../../parts/Text";
import { to } from "../../shell/router";
import { t } from "../../words";
import { moment } from "../../words/moment";
import { Cases, type CaseRow } from "./documents";
import { NewCase } from "./NewCase";

const WHICH = ["open", "closed", "all"] as const;
type Which = (typeof WHICH)[number];

export function CaseList() {
  const [which, setWhich] = useState<Which>("open");
  const [search, setSearch] = useState("");
  const [making, setMaking] = useState(false);
  const asked = useAsk(Cases, { closed: which === "all" ? null : which === "closed", search, after: null });
  const rows = asked.data?.cases.edges.map((edge) => edge.node) ?? [];
  return (
    <div class="cases stack">
      <header class="row">
        <h1>{t("cases.title")}</h1>
        <button type="button" class="primary push" onClick={() => setMaking(true)}>
          {t("cases.new")}
        </button>
      </header>
      <div class="row">
        <div class="segments" role="group" aria-label={t("cases.which")}>
          {WHICH.map((one) => (
            <button key={one} type="button" aria-pressed={one === which} onClick={() => setWhich(one)}>
              {t(`cases.which.${one}`)}
            </button>
          ))}
        </div>
        <input type="search" aria-label={t("cases.search")} placeholder={t("cases.search")} value={search} onInput={(event) => setSearch(event.currentTarget.value)} />
      </div>
      {asked.error && <Failed error={asked.error} again={asked.again} />}
      {!asked.data && asked.waiting && <Waiting />}
      {asked.data && (rows.length ? <Table rows={rows} /> : <None>{t("cases.none")}</None>)}
      <Dialog open={making} title={t("cases.new")} onClose={() => setMaking(false)} wide>
        <NewCase />
      </Dialog>
    </div>
  );
}

function Table({ rows }: { rows: CaseRow[] }) {
  return (
    <div class="card scroll">
      <table>
        <thead>
          <tr>
            <th class="number">{t("cases.number")}</th>
            <th>{t("cases.what")}</th>
            <th>{t("cases.trigger")}</th>
            <th>{t("cases.state")}</th>
            <th class="number">{t("cases.findings")}</th>
            <th>{t("cases.changed")}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((one) => (
            <tr key={one.id}>
              <td class="number">{one.id}</td>
              <td>
                <a href={to("cases", [one.id])}>
                  <Text>{one.title}</Text>
                </a>{" "}
                {one.template && <span class="badge">{one.template}</span>}
              </td>
              <td>{t(`cases.trigger.${one.trigger}`)}</td>
              <td>
                <span class={`badge ${one.closed ? "" : "good"}`}>{one.closed ? t(`cases.verdict.${one.verdict ?? "inconclusive"}`) : t("cases.open")}</span>
              </td>
              <td class="number">{one.findings.totalCount}</td>
              <td class="time">
                {moment(one.changed)} · {one.changedBy}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
