import { None } from "../../parts/State";
import { Text } from "../../parts/Text";
import { t } from "../../words";
import { moment } from "../../words/moment";
import { Evidence } from "../../parts/Evidence";
import type { TabProps } from "./CasePage";

const BADGES: Record<string, string> = { same: "good", changed: "critical", gone: "high" };
const EVENT = "event:";

/** The pinned records with their digests, compared with what is loaded now. */
export function Pinned({ one }: TabProps) {
  const pinned = one.evidence.filter((each) => !each.withdrawn);
  const checked = new Map(one.checked.map((each) => [each.number, each.state]));
  if (!pinned.length) return <None>{t("cases.evidence.none")}</None>;
  const events = pinned.filter((each) => each.subject.startsWith(EVENT)).map((each) => each.subject.slice(EVENT.length));
  return (
    <>
      <div class="card scroll">
        <table>
          <thead>
            <tr>
              <th class="number">{t("cases.number")}</th>
              <th>{t("cases.evidence.when")}</th>
              <th>{t("cases.what")}</th>
              <th>SHA-256</th>
              <th>{t("cases.evidence.now")}</th>
              <th>{t("cases.evidence.by")}</th>
            </tr>
          </thead>
          <tbody>
            {pinned.map((each) => {
              const state = checked.get(each.number) ?? "";
              return (
                <tr key={each.number}>
                  <td class="number">{each.number}</td>
                  <td class="time">{moment(each.when)}</td>
                  <td>
                    <code>{each.what}</code> <Text cut={120}>{each.caption}</Text>
                  </td>
                  <td>
                    <code title={each.sha256}>{each.sha256.slice(0, 16)}…</code> <span class="faint">{t(`cases.basis.${each.basis}`)}</span>
                  </td>
                  <td>{state && <span class={`badge ${BADGES[state] ?? ""}`}>{t(`cases.checked.${state}`)}</span>}</td>
                  <td class="faint number">
                    {each.who} · {moment(each.at)}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
      {events.length > 0 && (
        <section class="card">
          <header>
            <h2>{t("cases.evidence.records")}</h2>
          </header>
          <Evidence ids={events} />
        </section>
      )}
    </>
  );
}
