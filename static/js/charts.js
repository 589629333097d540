// All charts of the page: they follow the bell, wear the theme, and share one choice of how they are drawn.

import { Chart } from "./chart.js";
import { clock, forget } from "./clock.js";
import { take } from "./files.js";
import { tokens } from "./palette.js";
import { choose, isZoomed, view } from "./view.js";
import { read } from "./wire.js";

let charts = [];
let due = 0;
const section = () => document.getElementById("charts");
const page = {
  get job() {
    const { epochs, steps } = section().dataset;
    return { epochs: Number(epochs), steps: Number(steps) };
  },
  clock: () => clock(section().dataset.clock),
};

function find() {
  charts = [...document.querySelectorAll("[data-chart]")].map((figure) => new Chart(figure, page));
  showChoices();
}

function drawAll() {
  for (const chart of charts) if (chart.message) chart.draw().catch((error) => chart.complain(error));
}

const toggles = {
  log: { isOn: ({ isLog }) => isLog, change: (isOn) => ({ y: isOn ? null : "log" }) },
  outliers: { isOn: ({ ignoresOutliers }) => ignoresOutliers, change: (isOn) => ({ outliers: isOn ? null : "ignored" }) },
  epochs: { isOn: ({ showsEpochs }) => showsEpochs, change: (isOn) => ({ epochs: isOn ? "off" : null }) },
};
const numbers = { smooth: ({ smoothing }) => smoothing, from: ({ from }) => from ?? "", to: ({ to }) => to ?? "" };

function showChoices() {
  const choice = view();
  const control = (name) => section().querySelector(`[data-control="${name}"]`);
  for (const [name, { isOn }] of Object.entries(toggles)) control(name).ariaPressed = isOn(choice);
  for (const [name, value] of Object.entries(numbers)) control(name).value = value(choice);
  control("x").value = choice.x;
  if (!control("x").value) control("x").value = "step";
  control("reset").disabled = !isZoomed(choice);
  section().querySelector("output").value = `${choice.smoothing} %`;
  section().querySelector("fieldset").disabled = false;
}

const presses = {
  "[data-control=reset]": () => choose({ from: null, to: null }),
  "[data-control][aria-pressed]": ({ dataset }) => {
    const { isOn, change } = toggles[dataset.control];
    choose(change(isOn(view())));
  },
  "[data-full]": (button) => {
    if (document.fullscreenElement) document.exitFullscreen();
    else button.closest(".chart-card").requestFullscreen();
  },
  "[data-take]": (button) => {
    const { plot, url, figure } = charts.find((each) => each.figure.closest(".chart-card").contains(button));
    const { file, title } = figure.dataset;
    take(button.dataset.take, { plot, name: file, title, color: tokens(), whole: () => read(`${url}?points=all`) });
  },
  "[data-table]": (link, event) => {
    event.preventDefault();
    const card = link.closest(".chart-card");
    const isTable = card.classList.toggle("tabled");
    link.ariaPressed = isTable;
    if (isTable) htmx.ajax("GET", link.href, { target: card.querySelector("[data-rows]"), swap: "innerHTML" });
  },
};

document.addEventListener("click", (event) => {
  const found = Object.keys(presses).find((selector) => event.target.closest(`#charts ${selector}`));
  if (found) presses[found](event.target.closest(found), event);
});
function chosen({ target }) {
  const name = target.closest("#charts") && target.dataset.control;
  const usual = { x: "step", smooth: "0" }[name];
  if (name) choose({ [name]: target.value === usual ? null : target.value });
}

document.addEventListener("change", chosen);
document.addEventListener("input", (event) => event.target.type === "range" && chosen(event));
document.addEventListener("view-changed", () => {
  showChoices();
  cancelAnimationFrame(due);
  due = requestAnimationFrame(drawAll);
});
document.addEventListener("theme-changed", drawAll);
document.addEventListener("fullscreenchange", () => charts.forEach(({ plot }) => plot.data && Plotly.Plots.resize(plot)));
document.body.addEventListener("job-changed", () => { forget(); charts.forEach((chart) => chart.follow()); });
document.body.addEventListener("htmx:afterSettle", ({ detail }) => {
  if (detail.elt.id === "charts") find();
  if (detail.elt.id === "job-checkpoints") drawAll(); // another one may be the best
});
find();
