import { useState } from "preact/hooks";
import { useAsk } from "../../api/asked";
import { Failed, None, Waiting } from "../../parts/State";
import { amend, to } from "../../shell/router";
import { t } from "../../words";
import type { ViewProps } from "../registry";
import { CountryTable } from "./CountryTable";
import { SignIns } from "./documents";
import { From } from "./From";
import "./map.css";
import { UNKNOWN } from "./unknown";
import { World } from "./World";

const SPANS = ["", "24h", "7d", "30d", "90d"];

/** Where sign-ins came from. The map, the table and the address say the same, so either may be used. */
export default function SignInMap({ place }: ViewProps) {
  const since = place.query.get("since") ?? "";
  const account = place.query.get("account") ?? "";
  const [typed, setTyped] = useState(account);
  const chosen = place.args[0] ?? null;
  const accounts = account ? [account] : null;
  const asked = useAsk(SignIns, { since: since || null, accounts });
  const go = (changed: { country?: string | null; since?: string; account?: string }) => {
    const country = changed.country === undefined ? chosen : changed.country;
    amend(to("map", country === null ? [] : [country], { since: changed.since ?? since, account: changed.account ?? account }));
  };
  const countries = asked.data?.signIns ?? [];
  const known = countries.find((one) => (one.country || UNKNOWN) === chosen);
  return (
    <div class="map stack">
      <header class="row">
        <div>
          <h1>{t("map.title")}</h1>
          <p class="soft">{asked.data && summary(countries)}</p>
        </div>
        <form
          class="row push"
          onSubmit={(event) => {
            event.preventDefault();
            go({ account: typed.trim() });
          }}
        >
          <label for="map-account">{t("map.account")}</label>
          <input id="map-account" type="text" value={typed} spellcheck={false} placeholder={t("map.everyone")} onInput={(event) => setTyped(event.currentTarget.value)} />
          <label for="map-since">{t("map.since")}</label>
          <select id="map-since" value={since} onChange={(event) => go({ since: event.currentTarget.value })}>
            {SPANS.map((span) => (
              <option key={span} value={span}>
                {span ? t("map.last", { span }) : t("map.all")}
              </option>
            ))}
          </select>
        </form>
      </header>
      {asked.error ? (
        <Failed error={asked.error} again={asked.again} />
      ) : !asked.data ? (
        <Waiting />
      ) : (
        <>
          <World countries={countries} chosen={chosen} choose={(country) => go({ country })} />
          {countries.length === 0 && <None>{t("map.none")}</None>}
          <div class="map-below">
            {countries.length > 0 && <CountryTable countries={countries} chosen={chosen} choose={(country) => go({ country })} />}
            {known && <From key={`${chosen}${since}${account}`} country={known} since={since || null} accounts={accounts} />}
          </div>
        </>
      )}
    </div>
  );
}

function summary(countries: { country: string; highRisk: boolean }[]): string {
  const risky = countries.filter((one) => one.highRisk).length;
  const said = t("map.countries", { n: countries.filter((one) => one.country).length });
  return risky ? `${said} ${t("map.risky", { n: risky })}` : said;
}
