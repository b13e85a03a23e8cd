import { useEffect, useMemo, useState } from "preact/hooks";
import { useAsk } from "../../api/asked";
import { Mark } from "../../kinds/Kind";
import { Failed, None, Waiting } from "../../parts/State";
import { amend, go, to } from "../../shell/router";
import { t } from "../../words";
import { Add } from "../graph/Add";
import type { ViewProps } from "../registry";
import { Columns } from "./Columns";
import { Containment } from "./Containment";
import { Controls } from "./Controls";
import { named, Radius as Document, Start } from "./documents";
import { Path } from "./Path";
import { Tree } from "./Tree";
import { treeOf } from "./tree";
import "./blast.css";

export interface Wish {
  at: string;
  window: string;
  least: number;
  backward: boolean;
}

export default function Blast({ place }: ViewProps) {
  const id = place.args[0];
  const asked = useAsk(Start, id ? { id } : null);
  if (!id) return <Begin />;
  if (asked.error) return <Failed error={asked.error} again={asked.again} />;
  const node = asked.data?.node;
  if (!node || !("label" in node) || node.id !== id) return <Waiting />;
  const { query } = place;
  const wish: Wish = {
    at: query.get("at") ?? node.firstSeen ?? new Date(0).toISOString(),
    window: query.get("window") ?? "7d",
    least: Number(query.get("least") ?? 0.01),
    backward: query.get("back") === "1",
  };
  return <Traced key={id} id={id} start={node} wish={wish} />;
}

function Begin() {
  return (
    <div class="blast-begin">
      <h1>{t("blast.title")}</h1>
      <p class="soft">{t("blast.lead")}</p>
      <Add choose={(id) => go(to("blast", [id]))} label={t("blast.which")} />
    </div>
  );
}

interface Props {
  id: string;
  start: { label: string; key: string; name: string; firstSeen: string | null; lastSeen: string | null };
  wish: Wish;
}

/** Sliders are moved through many values: the last is asked for. */
const PAUSE = 180;

function Traced({ id, start, wish }: Props) {
  const [contained, setContained] = useState<ReadonlySet<string>>(new Set());
  const [chosen, setChosen] = useState<string | null>(null);
  const [columns, setColumns] = useState(false);
  const settled = useSettled(wish);
  const question = { entity: named(start), at: settled.at, window: settled.window, backward: settled.backward, least: settled.least };
  const all = useAsk(Document, { ...question, contained: null });
  const left = useAsk(Document, contained.size ? { ...question, contained: [...contained] } : null);
  const radius = all.data?.blastRadius;
  const branches = useMemo(() => (radius ? treeOf(radius) : []), [radius]);
  const still = contained.size && left.data?.blastRadius ? new Set(left.data.blastRadius.reached.map((one) => named(one.reached))) : null;
  const change = (made: Partial<Wish>) => {
    const next = { ...wish, ...made };
    amend(to("blast", [id], { at: next.at, window: next.window, least: String(next.least), back: next.backward ? "1" : undefined }));
  };
  const toggle = (name: string) =>
    setContained((old) => {
      const next = new Set(old);
      if (!next.delete(name)) next.add(name);
      return next;
    });
  const shown = { branches, still, contained, chosen, choose: setChosen, toggle, radius, wish };
  return (
    <div class="blast">
      <header class="blast-head">
        <p class="soft">{t("blast.title")}</p>
        <h1>
          <Mark label={start.label} /> <bdi>{start.name.slice(0, 120)}</bdi>
        </h1>
        <Controls wish={wish} start={start} change={change} />
      </header>
      {all.error && <Failed error={all.error} again={all.again} />}
      {!radius && all.waiting && <Waiting />}
      {radius && (
        <div class={all.waiting ? "blast-body stale" : "blast-body"}>
          <section class="card" aria-label={t("blast.reached")}>
            <header>
              <h2>{t(wish.backward ? "blast.total.back" : "blast.total", { n: radius.total })}</h2>
              <span class="faint">{radius.total > radius.reached.length ? t("blast.likeliest", { shown: radius.reached.length, total: radius.total }) : kinds(branches)}</span>
              <div class="push row" role="group" aria-label={t("blast.shape")}>
                <button type="button" class="chip" aria-pressed={!columns} onClick={() => setColumns(false)}>
                  {t("blast.tree")}
                </button>
                <button type="button" class="chip" aria-pressed={columns} onClick={() => setColumns(true)}>
                  {t("blast.columns")}
                </button>
              </div>
            </header>
            {branches.length === 0 ? <None>{t("blast.nothing")}</None> : columns ? <Columns {...shown} radius={radius} /> : <Tree {...shown} />}
            {radius.notes.length > 0 && (
              <ul class="notes">
                {radius.notes.map((note) => (
                  <li key={note}>{note}</li>
                ))}
              </ul>
            )}
          </section>
          <div class="stack">
            <Path branch={branches.find((one) => one.name === chosen) ?? branches[0]} />
            {!wish.backward && <Containment {...shown} entity={named(start)} total={radius.total} left={left.data?.blastRadius?.total ?? null} waiting={left.waiting} clear={() => setContained(new Set())} />}
          </div>
        </div>
      )}
    </div>
  );
}

function useSettled(wish: Wish): Wish {
  const [settled, setSettled] = useState(wish);
  useEffect(() => {
    const later = setTimeout(() => setSettled(wish), PAUSE);
    return () => clearTimeout(later);
  }, [wish.at, wish.window, wish.least, wish.backward]);
  return settled;
}

function kinds(branches: { reached: { reached: { label: string } } }[]): string {
  const counts = new Map<string, number>();
  for (const { reached } of branches) counts.set(reached.reached.label, (counts.get(reached.reached.label) ?? 0) + 1);
  return [...counts].map(([label, count]) => `${t(`kind.${label}`)} ${count}`).join(" · ");
}
