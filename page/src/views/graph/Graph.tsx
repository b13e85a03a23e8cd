import { useEffect, useState } from "preact/hooks";
import { bind } from "../../shell/keyboard";
import { t } from "../../words";
import type { ViewProps } from "../registry";
import { opened, shared } from "./address";
import { Add } from "./Add";
import { Canvas } from "./Canvas";
import { Legend } from "./Legend";
import { Menu, type MenuPlace } from "./Menu";
import { Panel } from "./Panel";
import * as store from "./store";
import { TimeBar } from "./TimeBar";
import { Toolbar } from "./Toolbar";
import "./graph.css";

/** What a link to the view asked for last: coming back without a wish finds the drawing as it was left. */
let wished = "";

export default function Graph({ place }: ViewProps) {
  const [menu, setMenu] = useState<MenuPlace | null>(null);
  const wish = place.query.toString();
  useEffect(() => {
    if (!wish || wish === wished) return;
    wished = wish;
    void opened(place.query);
  }, [wish]);
  useEffect(() => bind(keys()), []);
  const empty = store.drawing.value.dots.size === 0;
  return (
    <>
      <h1 class="unseen">{t("graph.title")}</h1>
      <div class="graph-stage">
        <Toolbar />
        <Canvas menu={setMenu} />
        {empty && !store.busy.value && (
          <div class="graph-empty">
            <p>{t("graph.empty")}</p>
            <Add />
            <p class="faint">{t("graph.empty.how")}</p>
          </div>
        )}
        {!empty && <Legend />}
        {store.problem.value && (
          <p class="graph-problem" role="alert">
            {store.problem.value}
          </p>
        )}
        {!empty && <TimeBar />}
        {menu && <Menu place={menu} close={() => setMenu(null)} />}
      </div>
      <Panel />
    </>
  );
}

function keys() {
  const chosen = () => store.selected.value;
  return [
    { keys: "u", says: "graph.undo", act: store.undo },
    { keys: "U", says: "graph.redo", act: store.redo },
    { keys: "f", says: "graph.fit", act: () => void store.fitted.value++ },
    { keys: "a", says: "graph.all", act: () => store.select(store.seen.value.dots.map((dot) => dot.id)) },
    { keys: "h", says: "graph.hide", act: () => store.hide(chosen()) },
    { keys: "p", says: "graph.pin", act: () => store.setPinned(chosen(), true) },
    { keys: "Delete", says: "graph.remove", act: () => store.remove(chosen()) },
    { keys: "Escape", says: "graph.none", act: () => store.select([]) },
    { keys: "y", says: "graph.share", act: () => void shared() },
  ];
}
