import { useEffect, useRef, useState } from "preact/hooks";
import { Icon } from "../../parts/Icon";
import { Waiting } from "../../parts/State";
import { t } from "../../words";
import { Add } from "./Add";
import { shared } from "./address";
import { save, type Format } from "./export";
import { Save } from "./Save";
import * as store from "./store";

const FORMATS: Format[] = ["png", "svg", "graphml", "csv"];

export function Toolbar() {
  const empty = store.drawing.value.dots.size === 0;
  const [copied, setCopied] = useState(false);
  return (
    <div class="graph-tools" role="toolbar" aria-label={t("graph.tools")}>
      {!empty && <Add />}
      {!empty && (
        <>
          <Tool name="undo" disabled={!store.canUndo.value} act={store.undo} path="M9 14 4 9l5-5M4 9h10a6 6 0 0 1 0 12h-3" />
          <Tool name="redo" disabled={!store.canRedo.value} act={store.redo} path="M15 14l5-5-5-5M20 9H10a6 6 0 0 0 0 12h3" />
          <Tool name="fit" act={() => void store.fitted.value++} path="M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5" />
          <Tool name="rearrange" act={() => void store.rearrange()} path="M12 4v5M12 15v5M4 12h5M15 12h5M12 14a2 2 0 1 0 0-4 2 2 0 0 0 0 4" />
          <button
            type="button"
            class="quiet"
            onClick={() => void shared().then(() => setCopied(true))}
            onBlur={() => setCopied(false)}
            title={t("graph.share")}
          >
            <Icon path="M10 14a4 4 0 0 0 6 0l3-3a4 4 0 0 0-6-6l-1 1M14 10a4 4 0 0 0-6 0l-3 3a4 4 0 0 0 6 6l1-1" />
            <span role="status">{t(copied ? "copy.copied" : "graph.share.short")}</span>
          </button>
          <Save />
          <Export />
        </>
      )}
      {store.busy.value > 0 && <Waiting small />}
    </div>
  );
}

function Tool({ name, act, path, disabled = false }: { name: string; act: () => void; path: string; disabled?: boolean }) {
  return (
    <button type="button" class="quiet" onClick={act} disabled={disabled} aria-label={t(`graph.${name}`)} title={t(`graph.${name}`)}>
      <Icon path={path} />
    </button>
  );
}

function Export() {
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!open) return;
    const close = (event: Event) => box.current?.contains(event.target as Node) || setOpen(false);
    addEventListener("pointerdown", close);
    return () => removeEventListener("pointerdown", close);
  }, [open]);
  return (
    <div class="graph-export" ref={box} onKeyDown={(event) => event.key === "Escape" && setOpen(false)}>
      <button type="button" class="quiet" aria-expanded={open} aria-haspopup="menu" onClick={() => setOpen(!open)}>
        <Icon path="M12 4v11M8 11l4 4 4-4M5 20h14" />
        {t("graph.export")}
      </button>
      {open && (
        <div class="menu" role="menu">
          {FORMATS.map((format) => (
            <button key={format} type="button" role="menuitem" onClick={() => (setOpen(false), void save(format))}>
              {t(`graph.export.${format}`)}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}
