import { useEffect, useRef, useState } from "preact/hooks";
import { t } from "../words";
import { moment } from "../words/moment";
import { barsOf, ticksOf, type Count } from "./bars";
import "./histogram.css";

interface Span {
  since: number;
  until: number;
}

interface Props {
  counts: Count[];
  since: number;
  until: number;
  bucket: number;
  span: Span | null;
  brush: (span: Span | null) => void;
  height?: number;
  hint?: string;
}

const FOOT = 18;

/** Bars by time and kind; dragging chooses a span of whole buckets, and so do the arrow keys with Shift. */
export function Histogram({ counts, since, until, bucket, span, brush, height = 96, hint = t("histogram.hint") }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(600);
  const [drag, setDrag] = useState<number | null>(null);
  const [over, setOver] = useState<number | null>(null);
  useEffect(() => {
    const seen = new ResizeObserver(([entry]) => entry && setWidth(Math.max(200, entry.contentRect.width)));
    if (box.current) seen.observe(box.current);
    return () => seen.disconnect();
  }, []);
  const end = since + Math.ceil((until - since) / bucket) * bucket;
  const x = (at: number) => ((at - since) / (end - since)) * width;
  const kinds = [...new Set(counts.map((one) => one.kind))];
  const bars = barsOf(counts, kinds);
  const most = Math.max(1, ...bars.map((bar) => bar.total));
  // Few beside many must still be seen: an attack is one logon in a thousand.
  const y = (count: number) => (count ? Math.max(2, Math.sqrt(count / most) * (height - 8)) : 0);
  const bucketAt = (clientX: number) => {
    const left = box.current?.getBoundingClientRect().left ?? 0;
    const at = since + ((clientX - left) / width) * (end - since);
    return Math.min(end - bucket, Math.max(since, since + Math.floor((at - since) / bucket) * bucket));
  };
  const extend = (from: number, to: number) => brush({ since: Math.min(from, to), until: Math.max(from, to) + bucket });
  const shown = over === null ? null : bars.find((bar) => bar.at === over);
  return (
    <div class="histogram" ref={box}>
      <svg
        width={width}
        height={height + FOOT}
        role="slider"
        tabindex={0}
        aria-label={t("histogram.label")}
        aria-valuemin={since}
        aria-valuemax={end}
        aria-valuenow={span?.since ?? since}
        aria-valuetext={span ? `${moment(span.since)} – ${moment(span.until)}` : t("histogram.all")}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          setDrag(bucketAt(event.clientX));
        }}
        onPointerMove={(event) => {
          setOver(bucketAt(event.clientX));
          if (drag !== null) extend(drag, bucketAt(event.clientX));
        }}
        onPointerLeave={() => setOver(null)}
        onPointerUp={(event) => {
          if (drag !== null) extend(drag, bucketAt(event.clientX));
          setDrag(null);
        }}
        onDblClick={() => brush(null)}
        onKeyDown={(event) => byKey(event, span, since, end, bucket, brush)}
      >
        {bars.map((bar) => (
          <g key={bar.at}>
            {bar.parts.map((part) => (
              <rect
                key={part.kind}
                class={`table-${part.kind}`}
                x={x(bar.at) + 0.5}
                width={Math.max(1.5, x(bar.at + bucket) - x(bar.at) - 1)}
                y={height - y(bar.total) * (part.to / bar.total)}
                height={y(bar.total) * ((part.to - part.from) / bar.total)}
              />
            ))}
          </g>
        ))}
        <line class="axis" x1={0} x2={width} y1={height + 0.5} y2={height + 0.5} />
        {ticksOf(since, end).map((tick) => (
          <text key={tick.at} x={Math.min(Math.max(x(tick.at), 2), width - 2)} y={height + 14} text-anchor={x(tick.at) > width - 60 ? "end" : x(tick.at) < 40 ? "start" : "middle"}>
            {tick.text}
          </text>
        ))}
        {span && <rect class="brush" x={x(span.since)} width={Math.max(2, x(span.until) - x(span.since))} y={0} height={height} />}
      </svg>
      <p class="faint row">
        {shown ? (
          <span>
            {moment(shown.at)} · {shown.parts.map((part) => `${t(`table.${part.kind}`)} ${part.count}`).join(", ")}
          </span>
        ) : (
          <span>{span ? `${moment(span.since)} – ${moment(span.until)}` : hint}</span>
        )}
        {span && (
          <button type="button" class="quiet push" onClick={() => brush(null)}>
            {t("histogram.clear")}
          </button>
        )}
      </p>
    </div>
  );
}

function byKey(event: KeyboardEvent, span: Span | null, since: number, end: number, bucket: number, brush: (span: Span | null) => void): void {
  const step = event.key === "ArrowRight" ? bucket : event.key === "ArrowLeft" ? -bucket : 0;
  if (event.key === "Escape") brush(null);
  if (!step) return;
  event.preventDefault();
  const now = span ?? { since: since - bucket, until: since };
  const until = Math.min(end, Math.max(since + bucket, now.until + step));
  const from = event.shiftKey ? now.since : Math.max(since, now.since + step);
  brush({ since: Math.min(Math.max(from, since), until - bucket), until });
}
