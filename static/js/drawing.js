// A figure as Plotly is to draw it: the reader's choices and the page's tokens on what the server sent.

import { place, reach, smoothed } from "./numbers.js";
import { looks, tokens } from "./palette.js";

const FAINT = 0.28; // of the raw line under a smoothed one
const MOST_BOUNDS = 60; // hairlines between epochs

/** What was measured on the whole validation file is never smoothed: there is nothing to calm, and marks stand on it. */
function drawnLine(trace, look, x, { smoothing }) {
  const line = { color: look.color, width: look.width, dash: look.dash };
  const base = { ...trace, x, line, type: "scatter", marker: { color: look.color, size: trace.meta.role === "full" ? 6 : 3.5 } };
  const name = trace.meta.label;
  if (!smoothing || trace.meta.role === "full") return [{ ...base, name, hovertemplate: "%{y:.5g}" }];
  const raw = { ...base, name, opacity: FAINT, hoverinfo: "skip", showlegend: false, line: { ...line, width: 1, dash: "solid" } };
  const y = smoothed(trace.y, smoothing / 100);
  return [raw, { ...base, y, name, mode: "lines", hovertemplate: "%{y:.5g}, smoothed" }];
}

function marks(trace, axis, color, best) {
  const isBest = (step) => step === best;
  const steps = Array.from(trace.x);
  return {
    ...trace,
    x: steps.map(axis.at),
    y: Array.from(trace.y),
    customdata: steps,
    text: steps.map((step, index) => `step ${step}${isBest(step) ? ", the best" : ""} ${trace.customdata[index][1]}`),
    hovertemplate: "%{text}",
    marker: {
      opacity: 1,
      symbol: steps.map((step) => (isBest(step) ? "star" : "diamond")),
      size: steps.map((step) => (isBest(step) ? 14 : 9)),
      color: steps.map((step) => (isBest(step) ? color.good : color.paper)),
      line: { color: color.ink, width: 1.5 },
    },
  };
}

/** Hairlines where an epoch ends, and bands where the job rested. */
function shapes(axis, color, { epochs, steps }, { showsEpochs }, [from, to]) {
  const hairline = (x) => ({ type: "line", x0: x, x1: x, y0: 0, y1: 1, yref: "paper", layer: "below", line: { color: color["line-strong"], width: 1, dash: "dot" } });
  const bounds = showsEpochs && epochs && steps ? Array.from({ length: epochs - 1 }, (_, index) => ((index + 1) * steps) / epochs) : [];
  const seen = bounds.filter((step) => step > from && step < to);
  const every = Math.ceil(seen.length / MOST_BOUNDS);
  const band = ([x0, x1]) => ({ type: "rect", x0, x1, y0: 0, y1: 1, yref: "paper", layer: "below", fillcolor: color.line, line: { width: 0 } });
  return [...axis.bands.map(band), ...seen.filter((_, index) => index % every === 0).map((step) => hairline(axis.at(step)))];
}

function axisLook(color, more) {
  return { gridcolor: color.line, linecolor: color.line, tickcolor: color.line, zeroline: false, automargin: true, ...more };
}

function layoutOf(given, color, axis, view, { span, height, words }) {
  const font = { family: getComputedStyle(document.body).fontFamily, size: 12, color: color["ink-3"] };
  const title = { ...axis.layout.title, font: { size: 12 }, standoff: 8 };
  return {
    ...given,
    font,
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    dragmode: matchMedia("(pointer: coarse)").matches ? false : "zoom",
    showlegend: false,
    shapes: words.shapes,
    annotations: axis.bands.map(([x0]) => ({ x: x0, y: 1, yref: "paper", xanchor: "left", yanchor: "top", showarrow: false, text: " paused", font })),
    xaxis: axisLook(color, { ...axis.layout, title, showgrid: false, showline: true, range: span }),
    yaxis: axisLook(color, { type: view.isLog ? "log" : "linear", nticks: 6, fixedrange: true, range: height ?? undefined }),
    hoverlabel: { bgcolor: color.raised, bordercolor: color["line-strong"], font: { ...font, color: color.ink } },
    margin: { l: 44, r: 12, t: 8, b: 36 },
  };
}

/** Traces and layout of a message. `shown` says which lines are; `job` knows its epochs and steps. */
export function drawn({ figure, counts }, { view, axis, job, shown, best, last }) {
  const color = tokens();
  const lines = figure.data.filter(({ name }) => name in counts);
  const look = looks(lines, color);
  const visible = lines.filter(({ name }) => shown(name));
  const [from, to] = [view.from ?? 0, view.to ?? last];
  const within = ({ x, y }) => y.subarray(Math.max(0, place(x, from) - 1), place(x, to + 1) + 1);
  const mark = figure.data.filter(({ meta }) => meta.role === "checkpoint");
  const traces = visible.flatMap((trace) => drawnLine(trace, look.get(trace.name), Float64Array.from(trace.x, axis.at), view));
  const room = view.to === null ? Math.max(1, (to - from) * 0.02) : 0;
  const span = [axis.at(from), axis.at(to + room)];
  const heights = visible.map(within).concat(view.ignoresOutliers ? [] : mark.map(({ x, y }) => y.filter((_, i) => x[i] >= from && x[i] <= to)));
  const words = { shapes: shapes(axis, color, job, view, [from, to]) };
  const height = reach(heights, view.isLog, view.ignoresOutliers);
  return {
    traces: [...traces, ...mark.map((trace) => marks(trace, axis, color, best))],
    layout: layoutOf(figure.layout, color, axis, view, { span, height, words }),
    look,
  };
}
