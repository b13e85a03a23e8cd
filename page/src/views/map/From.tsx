import { useAsk } from "../../api/asked";
import { EntityLink } from "../../parts/EntityLink";
import { Failed, Waiting } from "../../parts/State";
import { number, t } from "../../words";
import { moment } from "../../words/moment";
import { type Country, SignInsFrom } from "./documents";
import { countryName } from "./names";

/** Who signed in from one country, and from which addresses. */
export function From({ country, since, accounts }: { country: Country; since: string | null; accounts: string[] | null }) {
  const asked = useAsk(SignInsFrom, { country: country.country, since, accounts });
  const pairs = asked.data?.signInsFrom ?? [];
  const title = t("map.from", { country: countryName(country.country) });
  return (
    <section class="card scroll" aria-label={title}>
      <header>
        <h2>{title}</h2>
      </header>
      {asked.error && <Failed error={asked.error} again={asked.again} />}
      {!asked.data ? (
        <Waiting small />
      ) : (
        <table>
          <thead>
            <tr>
              <th>{t("map.account")}</th>
              <th>{t("map.address")}</th>
              <th class="number">{t("map.successes")}</th>
              <th class="number">{t("map.failures")}</th>
              <th>{t("map.latest")}</th>
            </tr>
          </thead>
          <tbody>
            {pairs.map(({ account, address, tally }) => (
              <tr key={`${account.id}|${address.id}`}>
                <td>
                  <EntityLink entity={account} />
                </td>
                <td>
                  <EntityLink entity={address} />
                  {tally.risky > 0 && <span class="badge high">{t("map.provider", { n: tally.risky })}</span>}
                </td>
                <td class="number">{number(tally.successes)}</td>
                <td class="number">{number(tally.failures)}</td>
                <td class="time">{moment(tally.lastSeen)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
