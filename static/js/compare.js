// The compare page: its charts, what moves by itself, and what a pointer on a row or a line lights up.
// Tables, links and forms are the server's; they swap the whole page but for the plots, which stay.

import { Overlay } from "./compare-chart.js";

const PATIENCE = 5000; // ms between two looks at what has moved
const page = () => document.getElementById("compare");
const ours = () => page().dataset.jobs.split(",");
let overlays = [];
let moved = new Set();
let waiting = 0;

function find() {
  overlays = [...document.querySelectorAll("[data-overlay]")].map((figure) => new Overlay(figure));
  for (const overlay of overlays) overlay.show();
}

const drawAll = () => overlays.forEach((overlay) => overlay.draw());

document.body.addEventListener("htmx:afterSettle", ({ detail }) => {
  if (detail.elt.id === "compare" || detail.target?.id === "compare") find();
});
document.addEventListener("theme-changed", drawAll);

document.addEventListener("input", ({ target }) => {
  if (!target.matches("[data-smooth]")) return;
  document.querySelector("output[for=smooth]").textContent = `${target.value} %`;
  drawAll();
});

/** Curves of the jobs that moved, and the page around them, unless somebody is busy in it. */
async function refresh() {
  waiting = 0;
  if (document.hidden || !moved.size) return;
  const jobs = [...moved];
  moved = new Set();
  await Promise.all(overlays.map((overlay) => overlay.follow(jobs)));
  const isInUse = page().matches(":has(table:hover, :active, #offers li)") || page().contains(document.activeElement);
  if (isInUse || !getSelection().isCollapsed) return;
  htmx.ajax("GET", location.pathname + location.search, { target: "#compare", select: "#compare", swap: "outerHTML show:none" });
}

document.body.addEventListener("job-changed", ({ detail: { jobs } }) => {
  const heard = jobs.length ? jobs.filter((job) => ours().includes(job)) : ours().filter(Boolean);
  heard.forEach((job) => moved.add(job));
  if (heard.length && !waiting) waiting = setTimeout(refresh, PATIENCE);
});

/** One line stands out while its row is pointed at or in focus. */
function light(target) {
  const row = target?.closest?.("[data-entry]");
  overlays.forEach((overlay) => overlay.light(row?.dataset.entry));
}
for (const [on, off] of [["pointerover", "pointerout"], ["focusin", "focusout"]]) {
  document.addEventListener(on, ({ target }) => target.closest?.("[data-entry]") && light(target));
  document.addEventListener(off, ({ target }) => target.closest?.("[data-entry]") && light(null));
}

document.addEventListener("line-picked", ({ detail: { job } }) => {
  for (const row of document.querySelectorAll("[data-entry]")) {
    row.classList.toggle("lit", row.dataset.entry === job);
    if (row.dataset.entry === job) row.scrollIntoView({ block: "nearest" });
  }
});

document.addEventListener("click", ({ target }) => {
  const family = target.closest("[data-png]")?.dataset.png;
  if (family) Plotly.downloadImage(`plot-${family}`, { format: "png", filename: `comparison-${family}`, scale: 2 });
  if (!target.closest(".adding")) document.getElementById("offers")?.replaceChildren();
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") document.getElementById("offers")?.replaceChildren();
  if (event.key !== "/" || event.target.matches("input, textarea, select") || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  document.getElementById("add")?.select();
});

find();
