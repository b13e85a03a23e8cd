import { useMemo, useState } from "preact/hooks";
import { inOrder, TACTICS } from "../../findings/tactics";
import { t } from "../../words";
import { to } from "../../shell/router";
import type { Hunt } from "./documents";


type Sight = "all" | "can" | "cannot";
const SIGHTS: Sight[] = ["all", "can", "cannot"];

/** The library by tactic, narrowed by words and by whether a hunt can see. */
export function HuntList({ hunts, chosen }: { hunts: Hunt[]; chosen: string }) {
  const [text, setText] = useState("");
  const [sight, setSight] = useState<Sight>("all");
  const groups = useMemo(() => grouped(hunts.filter((hunt) => fits(hunt, text, sight))), [hunts, text, sight]);
  return (
    <aside class="hunt-list" aria-label={t("hunts.library")}>
      <input
        type="search"
        value={text}
        placeholder={t("hunts.filter")}
        aria-label={t("hunts.filter")}
        onInput={(event) => setText(event.currentTarget.value)}
      />
      <div class="segments" role="group" aria-label={t("hunts.sight")}>
        {SIGHTS.map((one) => (
          <button key={one} type="button" aria-pressed={one === sight} onClick={() => setSight(one)}>
            {t(`hunts.sight.${one}`)}{" "}
            <span class="number faint">{hunts.filter((hunt) => fits(hunt, "", one)).length}</span>
          </button>
        ))}
      </div>
      {groups.map(([tactic, some]) => (
        <section key={tactic} aria-label={t(`tactic.${tactic}`)}>
          <h2>
            {t(`tactic.${tactic}`)} <span class="faint number">{some.length}</span>
          </h2>
          <ul>
            {some.map((hunt) => (
              <li key={hunt.id}>
                <a href={to("hunts", [hunt.id])} aria-current={hunt.id === chosen ? "true" : undefined} class={hunt.visible ? "" : "blind"}>
                  <i class={`level ${hunt.level}`} role="img" aria-label={t(`level.${hunt.level}`)} title={t(`level.${hunt.level}`)} />
                  <span>{hunt.title}</span>
                  {!hunt.visible && <span class="badge">{t("hunts.cannot")}</span>}
                </a>
              </li>
            ))}
          </ul>
        </section>
      ))}
      {groups.length === 0 && <p class="none">{t("hunts.none")}</p>}
    </aside>
  );
}

function fits(hunt: Hunt, text: string, sight: Sight): boolean {
  if (sight !== "all" && hunt.visible !== (sight === "can")) return false;
  const said = [hunt.id, hunt.title, hunt.description, ...hunt.attack].join(" ").toLowerCase();
  return text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => said.includes(word));
}

function grouped(hunts: Hunt[]): [string, Hunt[]][] {
  const groups = new Map<string, Hunt[]>();
  for (const hunt of hunts) groups.set(hunt.tactic, [...(groups.get(hunt.tactic) ?? []), hunt]);
  const compare = inOrder(TACTICS);
  return [...groups].sort(([one], [other]) => compare(one, other));
}
