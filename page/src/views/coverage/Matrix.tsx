import { t } from "../../words";
import type { Tactic, Technique } from "./documents";
import { GLYPHS } from "./states";

interface Props {
  tactics: Tactic[];
  chosen: string;
  choose: (technique: Technique | null) => void;
}

/** The columns that have something to show; the others are named below them, for a gap must not look like nothing. */
export function Matrix({ tactics, chosen, choose }: Props) {
  const shown = tactics.filter((tactic) => tactic.techniques.length > 0);
  const empty = tactics.filter((tactic) => !tactic.techniques.length);
  return (
    <>
      {/* Focusable, so that the keyboard can scroll it. */}
      <div class="matrix" role="group" aria-label={t("coverage.matrix")} tabIndex={0}>
        {shown.map((tactic) => (
          <section key={tactic.id} aria-label={name(tactic)}>
            <h2>{name(tactic)}</h2>
            <p class="faint number">{seen(tactic)}</p>
            <ul>
              {tactic.techniques.map((technique) => (
                <li key={technique.id}>
                  <Cell technique={technique} chosen={technique.id === chosen} choose={choose} />
                </li>
              ))}
            </ul>
          </section>
        ))}
      </div>
      {empty.length > 0 && <p class="faint">{t("coverage.empty", { tactics: empty.map(name).join(", ") })}</p>}
    </>
  );
}

function Cell({ technique, chosen, choose }: { technique: Technique; chosen: boolean; choose: (technique: Technique | null) => void }) {
  const within = technique.parent !== technique.id;
  return (
    <button
      type="button"
      class={`cell state-${technique.state} ${within ? "within" : ""}`}
      aria-pressed={chosen}
      aria-label={`${technique.id} ${technique.name}: ${t(`coverage.${technique.state}`)}`}
      title={technique.id}
      onClick={() => choose(chosen ? null : technique)}
    >
      <svg viewBox="0 0 12 12" aria-hidden="true">
        <path d={GLYPHS[technique.state]} fill-rule="evenodd" />
      </svg>
      <span>{technique.name}</span>
    </button>
  );
}

function name(tactic: Tactic): string {
  return t(`tactic.${tactic.short.replaceAll("-", "_")}`);
}

function seen(tactic: Tactic): string {
  const hunted = tactic.techniques.filter((one) => one.state !== "NO_HUNT");
  return t("coverage.of", { seen: hunted.filter((one) => one.state !== "BLIND").length, all: hunted.length });
}
