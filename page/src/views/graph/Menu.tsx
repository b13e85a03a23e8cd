import { useEffect, useRef } from "preact/hooks";
import { useAsk } from "../../api/asked";
import { Icon } from "../../parts/Icon";
import { Text } from "../../parts/Text";
import { go, to } from "../../shell/router";
import { t } from "../../words";
import { Applicable, Counts } from "./documents";
import { huntsFor } from "./hunts";
import { expansionId } from "./model";
import * as store from "./store";

export interface MenuPlace {
  x: number;
  y: number;
  id: string;
}

/** What can be done with an entity of the drawing: unfold a kind of relation, go on from it, hunt for it. */
export function Menu({ place, close }: { place: MenuPlace; close: () => void }) {
  const box = useRef<HTMLDivElement>(null);
  const dot = store.drawing.value.dots.get(place.id);
  const real = dot && !dot.rest;
  const counts = useAsk(Counts, real ? { id: place.id, since: null, until: null } : null);
  const hunts = useAsk(Applicable, real ? {} : null);
  useEffect(() => {
    const menu = box.current;
    if (!menu) return;
    menu.style.left = `${Math.min(place.x, innerWidth - menu.offsetWidth - 12)}px`;
    menu.style.top = `${Math.max(8, Math.min(place.y, innerHeight - menu.offsetHeight - 12))}px`;
  });
  useEffect(() => {
    box.current?.querySelector("button")?.focus();
    const away = (event: Event) => box.current?.contains(event.target as Node) || close();
    addEventListener("pointerdown", away, true);
    return () => removeEventListener("pointerdown", away, true);
  }, []);
  if (!dot) return null;
  const act = (done: () => unknown) => () => {
    close();
    done();
  };
  const node = counts.data?.node;
  const relations = node && "relations" in node ? node.relations : [];
  const fit = huntsFor(dot.label, hunts.data?.hunts ?? []);
  return (
    <div class="menu" role="menu" ref={box} aria-label={dot.name} onKeyDown={(event) => byKey(event, close)}>
      <h3>
        <Text cut={60}>{dot.name}</Text>
      </h3>
      {dot.rest && <Item act={act(() => store.unfold(dot))}>{t("graph.unfold")}</Item>}
      {relations.length > 0 && <h3>{t("graph.expand")}</h3>}
      {relations.map((one) => {
        const shown = store.drawing.value.expansions.get(expansionId(dot.id, one.kind, one.outgoing, one.label))?.shown ?? 0;
        return (
          <Item key={`${one.kind}${one.outgoing}${one.label}`} disabled={shown >= one.total} act={act(() => store.expand(dot, one.kind, one.outgoing, one.label))}>
            {t(`relation.${one.kind}.${one.outgoing ? "out" : "in"}`)} <span class="faint">{t(`kind.${one.label}`)}</span>
            <span class="push number faint">{shown ? `${shown} / ${one.total}` : one.total}</span>
          </Item>
        );
      })}
      <hr />
      {real && <Item act={act(() => go(to("entity", [dot.id])))}>{t("graph.open")}</Item>}
      {["User", "Host", "IP", "Mailbox"].includes(dot.label) && real && (
        <Item act={act(() => go(to("blast", [dot.id], { at: startOf() })))}>{t("graph.blast")}</Item>
      )}
      <Item act={act(() => store.setPinned([dot.id], !dot.pinned))}>{t(dot.pinned ? "graph.unpin" : "graph.pin")}</Item>
      <Item act={act(() => store.hide([dot.id]))}>{t("graph.hide")}</Item>
      <Item act={act(() => store.remove([dot.id]))}>{t("graph.remove")}</Item>
      {fit.length > 0 && real && <h3>{t("graph.hunts")}</h3>}
      {real &&
        fit.map((one) => (
          <Item key={one.id} act={act(() => go(to("hunts", [one.id], { scope: dot.key })))}>
            <Icon path="M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16M12 2v5M12 17v5M2 12h5M17 12h5" />
            {one.title}
          </Item>
        ))}
    </div>
  );
}

function Item({ act, disabled = false, children }: { act: () => void; disabled?: boolean; children: preact.ComponentChildren }) {
  return (
    <button type="button" role="menuitem" disabled={disabled} onClick={act}>
      {children}
    </button>
  );
}

/** Where a chosen span begins, else the first event that is drawn. */
function startOf(): string | undefined {
  const from = store.span.value?.since ?? store.whole.value?.since;
  return from === undefined ? undefined : new Date(from).toISOString();
}

function byKey(event: KeyboardEvent, close: () => void): void {
  if (event.key === "Escape") return close();
  const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
  if (!step) return;
  event.preventDefault();
  const items = [...(event.currentTarget as HTMLElement).querySelectorAll<HTMLButtonElement>("button:not(:disabled)")];
  const now = items.indexOf(document.activeElement as HTMLButtonElement);
  items[(now + step + items.length) % items.length]?.focus();
}
