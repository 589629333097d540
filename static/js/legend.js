// The list of lines above a chart: what each is and how it looks, and which of them are drawn.

import { choose, view } from "./view.js";

const MOST = 12; // lines that are drawn unless the reader wants others
const DASHES = { solid: "", dash: "6 3", dot: "2 2", dashdot: "6 2 2 2" };

/** Which lines are drawn: the first dozen are, where the reader has not chosen otherwise. */
export function shownOf(lines) {
  const [names, { flipped }] = [lines.map(({ name }) => name), view()];
  return (name) => (names.indexOf(name) < MOST) !== flipped.has(name);
}

/** An entry for a line that the page did not know when it was made: it came with a later step. */
function added(list, trace) {
  const entry = document.getElementById("legend-entry").content.cloneNode(true).firstElementChild;
  const box = entry.querySelector("input");
  const words = entry.querySelector("[role=tooltip]");
  box.value = trace.name;
  words.id = `about-${list.dataset.legend}-${list.children.length + 1}`;
  box.setAttribute("aria-describedby", words.id);
  words.textContent = trace.meta.about;
  entry.querySelector("[data-words]").textContent = trace.meta.label;
  list.append(entry);
  return entry;
}

const shortened = (value) => (value === undefined ? "" : Number(value.toPrecision(4)).toString());

/** Bring the list up to date with its lines. */
export function tell(list, lines, look) {
  const shown = shownOf(lines);
  const known = new Map([...list.children].map((entry) => [entry.querySelector("input").value, entry]));
  for (const trace of lines) {
    const entry = known.get(trace.name) ?? added(list, trace);
    const { color, dash, width } = look.get(trace.name);
    const swatch = entry.querySelector("line");
    swatch.setAttribute("stroke", color);
    swatch.setAttribute("stroke-dasharray", DASHES[dash]);
    swatch.setAttribute("stroke-width", width + 0.5);
    const box = entry.querySelector("input");
    box.disabled = false;
    box.checked = shown(trace.name);
    entry.querySelector("[data-last]").textContent = shortened(trace.y[trace.y.length - 1]);
  }
}

document.addEventListener("change", ({ target }) => {
  if (!target.matches("[data-legend] input")) return;
  const { flipped } = view();
  if (!flipped.delete(target.value)) flipped.add(target.value);
  choose({ line: [...flipped] });
});
