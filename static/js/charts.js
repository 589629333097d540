// All charts of the page: they follow the bell, wear the theme, and share one choice of axis in the address.

import { Chart, isLog } from "./chart.js";

let charts = [];

function find() {
  charts = [...document.querySelectorAll("[data-chart]")].map((figure) => new Chart(figure));
  showAxis();
}

function showAxis() {
  for (const button of document.querySelectorAll("[data-log]")) button.ariaPressed = isLog();
}

function drawAll() {
  for (const chart of charts) if (chart.message) chart.draw();
}

document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-log]")) return;
  const address = new URL(location.href);
  if (isLog()) address.searchParams.delete("y");
  else address.searchParams.set("y", "log");
  history.replaceState(history.state, "", address);
  showAxis();
  drawAll();
});

document.addEventListener("theme-changed", drawAll);
document.body.addEventListener("job-changed", () => charts.forEach((chart) => chart.follow()));
document.body.addEventListener("htmx:afterSettle", ({ detail }) => {
  if (detail.elt.id === "charts") find();
});
find();
