import { number, t } from "../../words";
import { type Country, times } from "./documents";
import { countryName } from "./names";
import outlines from "./outlines.json";
import { HEIGHT, WIDTH } from "./projection";

interface Props {
  countries: Country[];
  chosen: string | null;
  choose: (country: string | null) => void;
}

const STEPS = 5;
const MIDDLES = outlines.middles as unknown as Record<string, [number, number]>;

/** The world in outline: the more sign-ins, the stronger; high-risk countries are ringed, whatever their colour. */
export function World({ countries, chosen, choose }: Props) {
  const by = new Map(countries.filter((one) => one.country).map((one) => [one.country, one]));
  const most = Math.max(1, ...countries.map(times));
  const strength = (one: Country) => Math.max(1, Math.ceil((Math.log1p(times(one)) / Math.log1p(most)) * STEPS));
  return (
    <figure class="world card">
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="group" aria-label={t("map.world")}>
        {outlines.shapes.map(({ code, path }, index) => {
          const found = code ? by.get(code) : undefined;
          const kind = found ? `land some-${strength(found)}` : "land";
          return <path key={index} class={`${kind} ${code && code === chosen ? "chosen" : ""}`} d={path} onClick={found ? () => choose(code === chosen ? null : code) : undefined} />;
        })}
        {[...by.values()].map((one) => (
          <Spot key={one.country} country={one} chosen={one.country === chosen} choose={choose} />
        ))}
      </svg>
      <figcaption class="row faint">
        <span class="scale" aria-hidden="true">
          {[1, 2, 3, 4, 5].map((step) => (
            <i key={step} class={`some-${step}`} />
          ))}
        </span>
        {t("map.scale")}
        <svg class="key" viewBox="0 0 14 14" aria-hidden="true">
          <circle class="ring" cx="7" cy="7" r="5.500" />
        </svg>
        {t("map.ring")}
        <span class="push">{t("map.source")}</span>
      </figcaption>
    </figure>
  );
}

function Spot({ country, chosen, choose }: { country: Country; chosen: boolean; choose: (country: string | null) => void }) {
  const middle = MIDDLES[country.country];
  if (!middle) return null;
  const [x, y] = middle;
  const radius = 3.5 + 2 * Math.log10(1 + times(country));
  const said = t("map.spot", { country: countryName(country.country), times: number(times(country)), users: number(country.users) });
  return (
    <a
      class={`spot ${country.highRisk ? "risky" : ""} ${chosen ? "chosen" : ""}`}
      href={to(country.country)}
      role="button"
      aria-pressed={chosen}
      aria-label={country.highRisk ? `${said}, ${t("map.high_risk")}` : said}
      onClick={(event) => {
        event.preventDefault();
        choose(chosen ? null : country.country);
      }}
    >
      {country.highRisk && <circle class="ring" cx={x} cy={y} r={radius + 4} />}
      <circle cx={x} cy={y} r={radius} />
      <title>{said}</title>
    </a>
  );
}

function to(country: string): string {
  return `#/map/${country}`;
}
