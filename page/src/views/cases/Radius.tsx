import { EntityLink } from "../../parts/EntityLink";
import { to } from "../../shell/router";
import { percent, t } from "../../words";
import { moment } from "../../words/moment";

interface Named {
  label: string;
  key: string;
  name: string;
}
interface Told {
  start: Named;
  at: string;
  reached: (Named & { hop: number; first_time: string; likelihood: number })[];
}

/** A step's blast radius: who could be reached, the likeliest first. */
export function Radius({ details }: { details: unknown }) {
  const all = (details as { radius?: Told[] }).radius ?? [];
  return (
    <>
      {all
        .filter((one) => one.reached.length > 0)
        .map((one) => (
          <section key={one.start.key} class="radius">
            <h3>
              <EntityLink entity={named(one.start)} /> {moment(one.at)}
              <a class="button quiet" href={to("blast", [named(one.start).id], { at: one.at })}>
                {t("cases.radius.open")}
              </a>
            </h3>
            <table>
              <thead>
                <tr>
                  <th>{t("cases.radius.reached")}</th>
                  <th class="number">{t("cases.radius.likelihood")}</th>
                  <th class="number">{t("cases.radius.hop")}</th>
                  <th>{t("cases.radius.from")}</th>
                </tr>
              </thead>
              <tbody>
                {one.reached.slice(0, 10).map((each) => (
                  <tr key={`${each.label}|${each.key}`}>
                    <td>
                      <EntityLink entity={named(each)} />
                    </td>
                    <td class="number">{percent(each.likelihood)}</td>
                    <td class="number">{each.hop}</td>
                    <td class="time">{moment(each.first_time)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </section>
        ))}
    </>
  );
}

/** The API's global id of an entity that is told by label and key. */
function named(one: Named): { id: string; label: string; name: string } {
  const bytes = new TextEncoder().encode(`${one.label}:${one.key}`);
  return { id: btoa(String.fromCharCode(...bytes)), label: one.label, name: one.name };
}
