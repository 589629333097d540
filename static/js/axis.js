// The axis along which charts are drawn: steps, or what a step is in epochs or in time. Everything else counts steps.

const UNITS = [[172800, 86400, "days"], [7200, 3600, "hours"], [180, 60, "minutes"], [0, 1, "seconds"]];

/** The index of the last moment at or before what is looked for, such that one follows it. */
function before(moments, column, value) {
  let [low, high] = [0, moments.length - 2];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (moments[middle][column] <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Reads one column of the clock at a value of the other; beyond its ends time goes on as it did. */
function along(moments, from, to) {
  return (value) => {
    const index = before(moments, from, value);
    const [a, b] = [moments[index], moments[index + 1]];
    return a[to] + ((value - a[from]) * (b[to] - a[to])) / (b[from] - a[from]);
  };
}

const zone = (seconds) => new Date(seconds * 1000).getTimezoneOffset() * 60;

function elapsed({ moments, started, rests }) {
  const [first, last] = [started ?? moments[0][1], moments[moments.length - 1][1]];
  const [, size, unit] = UNITS.find(([least]) => last - first >= least) ?? UNITS[3];
  const [at, stepAt] = [along(moments, 0, 1), along(moments, 1, 0)];
  return {
    at: (step) => (at(step) - first) / size,
    stepAt: (x) => stepAt(x * size + first),
    bands: rests.map(([since, until]) => [since, until ?? last].map((moment) => (moment - first) / size)),
    layout: { title: { text: `${unit} since it started` }, unifiedhovertitle: { text: `%{x:.2f} ${unit}` } },
  };
}

/** In the reader's own zone; Plotly knows none, and is told times as if that were UTC. */
function time({ moments, rests }) {
  const [at, stepAt] = [along(moments, 0, 1), along(moments, 1, 0)];
  const local = (seconds) => (seconds - zone(seconds)) * 1000;
  return {
    at: (step) => local(at(step)),
    stepAt: (x) => {
      const moment = (typeof x === "number" ? x : Date.parse(`${x.replace(" ", "T")}Z`)) / 1000;
      return stepAt(moment + zone(moment));
    },
    bands: rests.map(([since, until]) => [since, until ?? moments[moments.length - 1][1]].map(local)),
    layout: { type: "date", title: { text: "your time" }, unifiedhovertitle: { text: "%{x|%d %b %H:%M:%S}" } },
  };
}

function plain(scale, word, title) {
  return {
    at: (step) => step * scale,
    stepAt: (x) => x / scale,
    bands: [],
    layout: { title: { text: word }, unifiedhovertitle: { text: title } },
  };
}

export const isOfTime = (kind) => kind === "elapsed" || kind === "time";

/** The axis of this kind; the steps, where the job or its log does not know what it takes. */
export function axisOf(kind, { epochs, steps }, clock) {
  if (kind === "epoch" && epochs && steps) return plain(epochs / steps, "epoch", "epoch %{x:.2f}");
  if (isOfTime(kind) && clock?.moments.length > 1) return kind === "time" ? time(clock) : elapsed(clock);
  return plain(1, isOfTime(kind) ? "step: the log of this job tells no times" : "step", "step %{x}");
}
