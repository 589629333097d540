// Reads a figure as jobs/charts.py sends it: a JSON header, then the arrays that it refers to.

const KINDS = { f: Float32Array, d: Float64Array, I: Uint32Array };

/** {figure, counts, revision}; every trace has whole x and y arrays. */
export function decode(buffer) {
  const length = new DataView(buffer).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)));
  const start = 4 + length;
  for (const trace of header.figure.data) {
    for (const axis of ["x", "y"]) trace[axis] = numbers(trace[axis], buffer, start);
    if (!("x0" in trace)) continue;
    trace.x = Float64Array.from(trace.y, (_, index) => trace.x0 + index * trace.dx);
    delete trace.x0;
    delete trace.dx;
  }
  return header;
}

function numbers(reference, buffer, start) {
  if (!reference) return new Float64Array();
  if (Array.isArray(reference)) return Float64Array.from(reference);
  return Float64Array.from(new KINDS[reference.kind](buffer, start + reference.at, reference.count));
}

/** The older figure with the newer one's points behind its own; null if it is not whole and true. */
export function joined(older, newer) {
  if (older.corrections !== newer.corrections) return null;
  const known = new Map(older.figure.data.map((trace) => [trace.name, trace]));
  const traces = newer.figure.data.map((trace) => {
    const before = known.get(trace.name);
    if (!before || trace.meta.role === "checkpoint") return trace;
    return { ...trace, x: concat(before.x, trace.x), y: concat(before.y, trace.y) };
  });
  const isWhole = traces.every(({ name, y }) => !(name in newer.counts) || newer.counts[name] === y.length);
  return isWhole ? { ...newer, figure: { ...newer.figure, data: traces } } : null;
}

function concat(a, b) {
  const all = new Float64Array(a.length + b.length);
  all.set(a);
  all.set(b, a.length);
  return all;
}

export function lastStep({ figure, counts }) {
  const lines = figure.data.filter(({ name, x }) => name in counts && x.length);
  return Math.max(-1, ...lines.map(({ x }) => x[x.length - 1]));
}
