import { useState } from "preact/hooks";
import { useAsk } from "../../api/asked";
import { Mark } from "../../kinds/Kind";
import { Failed, Waiting } from "../../parts/State";
import { Text } from "../../parts/Text";
import { t } from "../../words";
import { Contain, named } from "./documents";
import type { Shown } from "./Tree";

interface Props extends Shown {
  entity: string;
  total: number;
  /** How many are reached still, with what is ticked. */
  left: number | null;
  waiting: boolean;
  clear: () => void;
}

type Step = { action: string; saves: number; entity: { label: string; key: string; name: string } };

const LISTED = 8;

/** What to reset and isolate: what is proposed, and what is saved by what is ticked. */
export function Containment({ entity, wish, total, left, waiting, contained, toggle, clear }: Props) {
  const asked = useAsk(Contain, { entity, at: wish.at, window: wish.window, above: wish.least, targets: null });
  const found = asked.data?.containment;
  const self = contained.has(entity);
  const cut = new Set(found?.cut.map((step) => named(step.entity)));
  // Where the best steps one by one are the fewest too, they are not listed twice.
  const others = found?.inOrder.some((step) => !cut.has(named(step.entity))) ?? false;
  return (
    <section class="card" aria-labelledby="containment">
      <header>
        <h2 id="containment">{t("blast.containment")}</h2>
        {contained.size > 0 && (
          <button type="button" class="quiet push" onClick={clear}>
            {t("blast.clear")}
          </button>
        )}
      </header>
      <p class="saved" role="status">
        {contained.size === 0 ? (
          <span class="faint">{t("blast.tick")}</span>
        ) : left === null || waiting ? (
          <Waiting small />
        ) : (
          <>
            <strong class="number">{t("blast.saves", { n: total - left })}</strong> <span class="faint">{t("blast.remain", { left, total })}</span>
          </>
        )}
      </p>
      <label class="row tick">
        <input type="checkbox" checked={self} onChange={() => toggle(entity)} /> {t("blast.contain.start")}
      </label>
      {asked.error && <Failed error={asked.error} again={asked.again} />}
      {!found && asked.waiting && <Waiting small />}
      {found && found.cut.length > 0 && <Steps title={t(found.smallest ? "blast.cut" : "blast.cut.small")} steps={found.cut} contained={contained} toggle={toggle} />}
      {found && others && <Steps title={t("blast.in_order")} steps={found.inOrder} contained={contained} toggle={toggle} more />}
      {found && found.notSaved.length > 0 && (
        <p class="faint">
          {t("blast.not_saved", { n: found.notSaved.length })} {found.notSaved.slice(0, 4).map((one) => one.name.slice(0, 40)).join(", ")}
          {found.notSaved.length > 4 && " …"}
        </p>
      )}
    </section>
  );
}

function Steps({ title, steps, contained, toggle, more = false }: { title: string; steps: Step[]; contained: ReadonlySet<string>; toggle: (name: string) => void; more?: boolean }) {
  const [all, setAll] = useState(false);
  const left = steps.filter((step) => !contained.has(named(step.entity)));
  return (
    <>
      <h3 class="row">
        {title}
        {left.length > 1 && (
          <button type="button" class="quiet push" onClick={() => left.forEach((step) => toggle(named(step.entity)))}>
            {t("blast.all", { n: left.length })}
          </button>
        )}
      </h3>
      <ul class="steps">
        {(all ? steps : steps.slice(0, LISTED)).map((step) => {
          const name = named(step.entity);
          return (
            <li key={name}>
              <label class="row tick">
                <input type="checkbox" checked={contained.has(name)} onChange={() => toggle(name)} />
                <span class="faint">{t(`blast.action.${step.action}`)}</span>
                <Mark label={step.entity.label} />
                <Text cut={40}>{step.entity.name}</Text>
                <span class="push number faint">{t(more ? "blast.saves_more" : "blast.saves", { n: step.saves })}</span>
              </label>
            </li>
          );
        })}
      </ul>
      {steps.length > LISTED && !all && (
        <button type="button" class="quiet" onClick={() => setAll(true)}>
          {t("evidence.more", { shown: LISTED, total: steps.length })}
        </button>
      )}
    </>
  );
}
