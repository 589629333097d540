// How compared curves look: tones and dashes of their jobs, smoothed as asked, the raw line kept beneath.

import { smoothed } from "./numbers.js";
import { worn } from "./palette.js";

const TOKENS = ["raised", "line", "ink", "ink-3", ...Array.from({ length: 8 }, (_, index) => `tone-${index}`)];

const dashes = (text) => (text ? text.split(" ").map((length) => `${length}px`).join() : "solid");

/** One job's line; when it is smoothed, the raw one lies pale beneath it. */
function lines(trace, color, { smoothing, hidden, baseline }) {
  const { job, tone, dash } = trace.meta;
  const line = { color: color[`tone-${tone}`], width: job === baseline ? 3 : 1.75, dash: dashes(dash) };
  const plain = { ...trace, line, marker: { color: line.color, size: 5 }, visible: !hidden.has(job), hovertemplate: "%{y:.5g}" };
  if (!smoothing) return [plain];
  const raw = { ...plain, mode: "lines", opacity: 0.25, hoverinfo: "skip", hovertemplate: null, line: { ...line, width: 1, dash: "solid" } };
  return [raw, { ...plain, y: smoothed(trace.y, smoothing) }];
}

function axis(color, more) {
  const quiet = { gridcolor: color.line, linecolor: color.line, tickcolor: color.line, zeroline: false };
  return { ...quiet, automargin: true, ...more };
}

const FEW = 8; // jobs that one label can name together

export function dressed({ data, layout }, chosen) {
  const color = worn(TOKENS);
  const family = getComputedStyle(document.body).fontFamily;
  const shown = data.filter(({ meta }) => !chosen.hidden.has(meta.job)).length;
  const isTouch = matchMedia("(pointer: coarse)").matches;
  const title = { ...layout.xaxis.title, font: { size: 12 }, standoff: 8 };
  return {
    traces: [...data].sort((a, b) => a.meta.job === chosen.baseline ? 1 : b.meta.job === chosen.baseline ? -1 : 0)
      .flatMap((trace) => lines(trace, color, chosen)),
    layout: {
      uirevision: layout.xaxis.title.text, // a new axis is a new view; all else keeps the zoom
      hovermode: shown > FEW ? "closest" : "x unified",
      dragmode: isTouch ? false : "zoom",
      showlegend: false,
      paper_bgcolor: "rgba(0,0,0,0)",
      plot_bgcolor: "rgba(0,0,0,0)",
      font: { family, size: 12, color: color["ink-3"] },
      xaxis: axis(color, { ...layout.xaxis, title, showgrid: false, showline: true }),
      yaxis: axis(color, { type: chosen.isLog ? "log" : "linear", nticks: 6 }),
      hoverlabel: { bgcolor: color.raised, bordercolor: color.line, font: { family, size: 12, color: color.ink }, namelength: 40 },
      margin: { l: 44, r: 8, t: 8, b: 36 },
    },
  };
}
