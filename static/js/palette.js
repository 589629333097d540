// How a figure looks: the page's own tokens, by what `meta.role` says that a trace is.

const WORDS = { train: "training", valid: "validation (batch)", full: "validation (full)" };
const DASHES = ["solid", "dash", "dot", "dashdot"];

/** The tokens as the page wears them now; a probe resolves what light-dark() leaves open. */
function tokens() {
  const probe = document.body.appendChild(document.createElement("i"));
  const read = (name) => {
    probe.style.color = `var(--${name})`;
    return getComputedStyle(probe).color;
  };
  const names = ["paper", "raised", "line", "ink", "ink-3", "chart-train", "chart-valid", "chart-full", "chart-other"];
  const found = Object.fromEntries(names.map((name) => [name.replace("chart-", ""), read(name)]));
  probe.remove();
  return found;
}

/** train_reward_margin, with others of its role: "training · reward margin". */
function label({ name, meta }, role, isOnlyOne) {
  if (!WORDS[role]) return name;
  const rest = name.replace(/^(full_)?(train|valid)_/, "").replaceAll("_", " ");
  return isOnlyOne ? WORDS[role] : `${WORDS[role]} · ${rest}`;
}

function dressedTrace(trace, color, before, isOnlyOne) {
  const { role } = trace.meta;
  if (role === "checkpoint") {
    const line = { color: color.ink, width: 1.5 };
    return { ...trace, name: "checkpoint", marker: { symbol: "diamond", size: 9, color: color.paper, line } };
  }
  const tone = color[role] ?? color.other;
  const dash = DASHES[before % DASHES.length];
  return {
    ...trace,
    name: label(trace, role, isOnlyOne),
    line: { color: tone, width: role === "train" ? 1.25 : 1.75, dash },
    marker: { color: tone, size: role === "full" ? 6 : 3.5 },
  };
}

function axis(given, color, more) {
  const quiet = { gridcolor: color.line, linecolor: color.line, tickcolor: color.line, zeroline: false };
  return { ...given, ...quiet, automargin: true, title: { ...given.title, font: { size: 12 }, standoff: 8 }, ...more };
}

/** Traces and layout in the page's colours, with a linear or logarithmic loss axis. */
export function dressed({ data, layout }, isLog) {
  const color = tokens();
  const ofRole = (role) => data.filter((trace) => trace.meta.role === role);
  const traces = data.map((trace) => {
    const alike = ofRole(trace.meta.role);
    return dressedTrace(trace, color, alike.indexOf(trace), alike.length === 1);
  });
  const isTouch = matchMedia("(pointer: coarse)").matches;
  const family = getComputedStyle(document.body).fontFamily;
  return {
    traces,
    layout: {
      ...layout,
      paper_bgcolor: "rgba(0,0,0,0)",
      plot_bgcolor: "rgba(0,0,0,0)",
      dragmode: isTouch ? false : layout.dragmode,
      font: { family, size: 12, color: color["ink-3"] },
      xaxis: axis(layout.xaxis, color, { showgrid: false, showline: true, unifiedhovertitle: { text: "step %{x}" } }),
      yaxis: axis(layout.yaxis, color, { type: isLog ? "log" : "linear", title: { text: "" }, nticks: 6 }),
      legend: { ...layout.legend, font: { size: 12, color: color["ink-2"] } },
      hoverlabel: { bgcolor: color.raised, bordercolor: color.line, font: { family, size: 12, color: color.ink } },
      margin: { l: 44, r: 8, t: 28, b: 36 },
    },
  };
}
