import { effect, untracked } from "@preact/signals";
import { useEffect, useRef, useState } from "preact/hooks";
import { t } from "../../words";
import { Stage, type Box } from "./draw/stage";
import { fitted, grown, line, seen, selected, look } from "./store";
import { repainted } from "../../shell/theme";

interface Props {
  menu: (at: { x: number; y: number; id: string }) => void;
}

/** The drawn graph. What it shows can also be read and worked on in the table beside it. */
export function Canvas({ menu }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const stage = useRef<Stage | null>(null);
  const [area, setArea] = useState<Box | null>(null);
  const [blind, setBlind] = useState(false);
  useEffect(() => {
    if (!box.current) return;
    let made: Stage;
    try {
      made = new Stage(box.current, menu);
    } catch {
      // Without WebGL there is no picture, but all of it in the table.
      return setBlind(true);
    }
    stage.current = made;
    const stops = [
      effect(() => {
        const now = seen.value;
        untracked(() => made.show(now));
      }),
      effect(() => {
        void [selected.value, line.value, repainted.value];
        untracked(() => made.repaint());
      }),
      effect(() => {
        // Fitting looks at what is visible, but what becomes visible must not move the view.
        if (fitted.value) untracked(() => made.fit());
      }),
      effect(() => {
        if (grown.value) untracked(() => made.keepIn());
      }),
    ];
    return () => {
      for (const stop of stops) stop();
      made.end();
    };
  }, []);
  const drawn = (event: PointerEvent): { x: number; y: number } => {
    const rectangle = box.current?.getBoundingClientRect();
    return { x: event.clientX - (rectangle?.left ?? 0), y: event.clientY - (rectangle?.top ?? 0) };
  };
  return (
    <div
      class="canvas-frame"
      onPointerDownCapture={(event) => {
        if (!event.shiftKey || event.button !== 0 || stage.current?.over) return;
        event.stopPropagation();
        event.currentTarget.setPointerCapture(event.pointerId);
        const at = drawn(event);
        setArea({ x: at.x, y: at.y, width: 0, height: 0 });
      }}
      onPointerMoveCapture={(event) => {
        if (!area) return;
        event.stopPropagation();
        const at = drawn(event);
        setArea({ ...area, width: at.x - area.x, height: at.y - area.y });
      }}
      onPointerUpCapture={(event) => {
        if (!area) return;
        event.stopPropagation();
        look(stage.current?.inside(area) ?? [], true);
        setArea(null);
      }}
    >
      <div ref={box} class="canvas" role="img" aria-label={t("graph.drawn", { dots: seen.value.dots.length, lines: seen.value.lines.length })} />
      {blind && <p class="none">{t("graph.no_webgl")}</p>}
      {area && <div class="canvas-area" ref={(one) => {
            if (one) frame(one, area);
          }} />}
    </div>
  );
}

/** By the element's own style object, which the content security policy allows. */
function frame(element: HTMLElement, area: Box): void {
  element.style.left = `${Math.min(area.x, area.x + area.width)}px`;
  element.style.top = `${Math.min(area.y, area.y + area.height)}px`;
  element.style.width = `${Math.abs(area.width)}px`;
  element.style.height = `${Math.abs(area.height)}px`;
}
