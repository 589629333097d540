// Reads a figure as jobs/charts sends it: a JSON header, then the arrays that it refers to.

import { concat, place } from "./numbers.js";

const KINDS = { f: Float32Array, d: Float64Array, I: Uint32Array };
const LONGEST = 20000; // points of a line in outline, with those that came since, before it is read anew

/** {figure, counts, corrections}; every trace has whole x and y arrays. */
function decode(buffer) {
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

export async function read(url) {
  const response = await fetch(url, { mode: "cors", credentials: "same-origin" });
  if (!response.ok) throw new Error(`The curve could not be read (${response.status}).`);
  return decode(await response.arrayBuffer());
}

export const lines = ({ figure, counts }) => figure.data.filter(({ name }) => name in counts);

const byName = (message) => new Map(message.figure.data.map((trace) => [trace.name, trace]));

/** The older figure with the newer one's points behind its own; null if it is not whole and true. */
export function joined(older, newer) {
  if (older.corrections !== newer.corrections) return null;
  const known = byName(older);
  const isWhole = lines(newer).every(({ name, y, outlined }) => !outlined && (older.counts[name] ?? 0) + y.length === newer.counts[name]);
  if (!isWhole) return null;
  const traces = newer.figure.data.map((trace) => {
    const before = known.get(trace.name);
    if (!before || trace.meta.role === "checkpoint") return trace;
    return { ...trace, x: concat(before.x, trace.x), y: concat(before.y, trace.y), outlined: before.outlined };
  });
  if (traces.some(({ outlined, y }) => outlined && y.length > LONGEST)) return null;
  return { ...newer, figure: { ...newer.figure, data: traces } };
}

/** The figure with a finer one's points in place of its own between two steps. */
export function refined(whole, finer, from, to) {
  const known = byName(finer);
  const data = whole.figure.data.map((trace) => {
    const part = known.get(trace.name);
    if (!trace.outlined || !part?.y.length) return trace;
    const [start, end] = [place(trace.x, from), place(trace.x, to + 1)];
    const spliced = (axis) => concat(trace[axis].subarray(0, start), part[axis], trace[axis].subarray(end));
    return { ...trace, x: spliced("x"), y: spliced("y") };
  });
  return { ...whole, figure: { ...whole.figure, data } };
}

export function lastStep(message) {
  return Math.max(-1, ...lines(message).filter(({ x }) => x.length).map(({ x }) => x[x.length - 1]));
}
