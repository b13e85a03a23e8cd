import { useEffect, useRef } from "preact/hooks";
import { Mark } from "../../kinds/Kind";
import { Text } from "../../parts/Text";
import { percent, t } from "../../words";
import { moment } from "../../words/moment";
import type { Wish } from "./Blast";
import type { Branch } from "./tree";

export interface Shown {
  branches: Branch[];
  /** What is reached still, with what is contained; null where nothing is. */
  still: ReadonlySet<string> | null;
  contained: ReadonlySet<string>;
  chosen: string | null;
  choose: (name: string) => void;
  toggle: (name: string) => void;
  wish: Wish;
}

const CONTAINABLE = new Set(["User", "Host", "IP", "Mailbox"]);

/** What became of an entity by what is contained. */
export function fate(name: string, { still, contained }: Pick<Shown, "still" | "contained">): "contained" | "saved" | "" {
  if (contained.has(name)) return "contained";
  return still && !still.has(name) ? "saved" : "";
}

/** Who came under whose control by whom, in order of time, with a track that shows when. */
export function Tree(shown: Shown) {
  const { branches, choose, chosen, toggle, contained, wish } = shown;
  const times = branches.map((one) => Date.parse(one.reached.firstTime));
  const [first, last] = [Math.min(Date.parse(wish.at), ...times), Math.max(...times)];
  return (
    <div class="scroll">
      <table class="blast-tree">
        <thead>
          <tr>
            {!wish.backward && <th title={t("blast.contain")}><span class="unseen">{t("blast.contain")}</span></th>}
            <th>{t("blast.who")}</th>
            <th>{t("blast.likelihood")}</th>
            <th>{t(wish.backward ? "blast.last_time" : "blast.first_time")}</th>
            <th class="track-head">
              <span class="unseen">{t("blast.track")}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {branches.map(({ name, reached, depth }) => {
            const became = fate(name, shown);
            const at = Date.parse(reached.firstTime);
            return (
              <tr key={name} class={[became, name === chosen ? "current" : ""].join(" ")}>
                {!wish.backward && (
                  <td>
                    {CONTAINABLE.has(reached.reached.label) && (
                      <input type="checkbox" checked={contained.has(name)} aria-label={t("blast.contain.one", { name: reached.reached.name.slice(0, 80) })} onChange={() => toggle(name)} />
                    )}
                  </td>
                )}
                <td>
                  <button type="button" class="quiet branch" aria-current={name === chosen ? "true" : undefined} onClick={() => choose(name)}>
                    <Indent depth={depth - 1} />
                    <Mark label={reached.reached.label} />
                    <Text cut={44}>{reached.reached.name}</Text>
                    {became && <span class={became === "saved" ? "badge good" : "badge"}>{t(`blast.${became}`)}</span>}
                  </button>
                </td>
                <td class="likely">
                  <Bar part={reached.likelihood} />
                  <span class="number">{percent(reached.likelihood)}</span>
                </td>
                <td class="time">{moment(reached.firstTime)}</td>
                <td>
                  <Track part={last > first ? (at - first) / (last - first) : 0} />
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function Indent({ depth }: { depth: number }) {
  return (
    <span class="indent" aria-hidden="true">
      {Array.from({ length: Math.min(depth, 12) }, (_, place) => (
        <i key={place} />
      ))}
    </span>
  );
}

/** Lengths are set on the element's own style object, which the content security policy allows. */
function Bar({ part }: { part: number }) {
  const inner = useRef<HTMLElement>(null);
  useEffect(() => {
    if (inner.current) inner.current.style.width = `${Math.max(2, part * 100)}%`;
  }, [part]);
  return (
    <span class="bar" aria-hidden="true">
      <i ref={inner} />
    </span>
  );
}

function Track({ part }: { part: number }) {
  const dot = useRef<HTMLElement>(null);
  useEffect(() => {
    if (dot.current) dot.current.style.left = `${part * 100}%`;
  }, [part]);
  return (
    <span class="track" aria-hidden="true">
      <i ref={dot} />
    </span>
  );
}
