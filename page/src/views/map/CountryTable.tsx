import { number, t } from "../../words";
import { day } from "../../words/moment";
import type { Country } from "./documents";
import { countryName } from "./names";
import { UNKNOWN } from "./unknown";

interface Props {
  countries: Country[];
  chosen: string | null;
  choose: (country: string | null) => void;
}

export function CountryTable({ countries, chosen, choose }: Props) {
  return (
    <div class="card scroll">
      <table>
        <thead>
          <tr>
            <th>{t("map.country")}</th>
            <th class="number">{t("map.successes")}</th>
            <th class="number">{t("map.failures")}</th>
            <th class="number">{t("map.users")}</th>
            <th class="number">{t("map.addresses")}</th>
            <th>{t("map.when")}</th>
          </tr>
        </thead>
        <tbody>
          {countries.map((one) => {
            const code = one.country || UNKNOWN;
            return (
              <tr key={code} class={code === chosen ? "chosen" : ""}>
                <td>
                  <button type="button" class="quiet" aria-pressed={code === chosen} onClick={() => choose(code === chosen ? null : code)}>
                    {countryName(one.country)}
                  </button>{" "}
                  {one.highRisk && <span class="badge critical">{t("map.high_risk")}</span>}{" "}
                  {one.tally.risky > 0 && <span class="badge high">{t("map.provider", { n: one.tally.risky })}</span>}
                </td>
                <td class="number">{number(one.tally.successes)}</td>
                <td class="number">{number(one.tally.failures)}</td>
                <td class="number">{number(one.users)}</td>
                <td class="number">{number(one.addresses)}</td>
                <td class="time">
                  {day(one.tally.firstSeen)} – {day(one.tally.lastSeen)}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
