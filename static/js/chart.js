// One chart: fetches its figure early, draws it when Plotly is there, asks only for points behind its last step.

import { save } from "./csv.js";
import { decode, joined, lastStep } from "./wire.js";
import { dressed } from "./palette.js";

const CONFIG = { showSendToCloud: false, plotlyServerURL: "", displaylogo: false, displayModeBar: false, responsive: true };
const STILL = 1500; // ms without a move of the pointer, after which a curve may be redrawn under it
const plotly = new Promise((resolve) => {
  if (window.Plotly) resolve();
  else document.getElementById("plotly").addEventListener("load", resolve);
});

/** The axis of losses as the address asks for it. */
export const isLog = () => new URLSearchParams(location.search).get("y") === "log";

async function read(url) {
  const response = await fetch(url, { mode: "cors", credentials: "same-origin" });
  if (!response.ok) throw new Error(`The curve could not be read (${response.status}).`);
  return decode(await response.arrayBuffer());
}

export class Chart {
  constructor(figure) {
    this.figure = figure;
    this.url = figure.dataset.chart;
    this.plot = figure.querySelector(".plot");
    this.note = figure.querySelector("[data-note]");
    this.moved = 0;
    figure.addEventListener("pointermove", () => { this.moved = performance.now(); });
    this.whole = read(this.url);
    this.connectTools(figure.closest(".chart-card"));
    this.start();
  }

  async start() {
    try {
      this.message = await this.whole;
      await plotly;
      await this.draw();
    } catch (error) {
      this.note.textContent = `${error.message} It is tried again when the job moves.`;
    }
  }

  /** Fetch what is new; where points are missing or were corrected, everything. */
  async follow() {
    this.isBehind = this.isBusy;
    if (this.isBusy) return;
    this.isBusy = true;
    try {
      const news = this.message ? await read(`${this.url}?after=${lastStep(this.message)}`) : await read(this.url);
      const wasEmpty = !this.message || lastStep(this.message) < 0;
      this.message = (this.message && joined(this.message, news)) ?? (await read(this.url));
      await plotly;
      await this.pointerRests();
      await this.draw();
      if (wasEmpty && lastStep(this.message) >= 0) document.body.dispatchEvent(new CustomEvent("first-step"));
    } catch {
      // The next bell or slow poll asks again.
    } finally {
      this.isBusy = false;
      if (this.isBehind) this.follow();
    }
  }

  async pointerRests() {
    while (this.figure.matches(":hover") && performance.now() - this.moved < STILL) {
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  }

  async draw() {
    const isEmpty = lastStep(this.message) < 0;
    this.note.hidden = !isEmpty;
    if (isEmpty) return;
    this.figure.classList.remove("bare");
    const { traces, layout } = dressed(this.message.figure, isLog() && this.figure.dataset.family === "loss");
    await Plotly.react(this.plot, traces, layout, CONFIG);
    if (this.isWired) return;
    this.isWired = true;
    this.plot.on("plotly_click", ({ points }) => points.forEach(pick));
  }

  connectTools(card) {
    const on = (name, press) => card.querySelector(`[data-${name}]`).addEventListener("click", press);
    const file = this.figure.dataset.file;
    on("png", () => Plotly.downloadImage(this.plot, { format: "png", filename: file, scale: 2 }));
    on("csv", () => save(this.message, `${file}.csv`));
  }
}

/** A press on a checkpoint's mark lights its line in the table. */
function pick({ data, x }) {
  if (data.meta.role !== "checkpoint") return;
  for (const row of document.querySelectorAll("#job-checkpoints [data-step]")) {
    row.classList.toggle("lit", Number(row.dataset.step) === x);
    if (Number(row.dataset.step) === x) row.scrollIntoView({ block: "center" });
  }
}
