// One metric of all jobs: asks for its curves, keeps them while the page around it is swapped, draws them.

import { dressed } from "./compare-look.js";
import { CONFIG as USUAL, plotly } from "./plotly.js";
import { read } from "./wire.js";

const CONFIG = { ...USUAL, doubleClick: "reset+autosize" };
const MOST_KEPT = 20;
const kept = new Map(); // address → the figure, or its promise

/** The figure at this address; what was read once is there at once. */
function known(url) {
  if (!kept.has(url)) {
    if (kept.size >= MOST_KEPT) kept.clear();
    kept.set(url, read(url));
    kept.get(url).catch(() => kept.delete(url));
  }
  return kept.get(url);
}

export class Overlay {
  constructor(figure) {
    this.figure = figure;
    this.url = figure.dataset.overlay;
    this.plot = figure.querySelector(".plot");
    this.note = figure.querySelector("[data-note]");
  }

  async show() {
    try {
      this.message = await known(this.url);
      await plotly;
      await this.draw();
    } catch (error) {
      this.note.textContent = `${error.message} They are asked for again when a job moves.`;
    }
  }

  /** Only the curves of jobs that moved; the others are as they were. */
  async follow(jobs) {
    try {
      const news = await read(`${this.url}&only=${jobs.join()}`);
      this.message = this.joined(news) ?? (await read(this.url));
      kept.set(this.url, Promise.resolve(this.message));
      await plotly;
      await this.draw();
    } catch {
      // The next bell asks again.
    }
  }

  /** These curves among the others; null where there are none, or all are told in another unit by now. */
  joined(news) {
    const unit = ({ figure }) => figure.layout.xaxis.title.text;
    if (!this.message || unit(this.message) !== unit(news)) return null;
    const fresh = new Map(news.figure.data.map((trace) => [trace.meta.job, trace]));
    const older = this.message.figure.data.filter(({ meta }) => !fresh.has(meta.job));
    return { ...news, figure: { ...news.figure, data: [...older, ...fresh.values()] } };
  }

  async draw() {
    if (!this.message || !this.figure.isConnected) return;
    if (!this.message.figure.data.length) {
      this.note.textContent = "None of these jobs has such points yet.";
      Plotly.purge(this.plot);
      return;
    }
    const { hidden, baseline } = document.getElementById("compare").dataset;
    const { traces, layout } = dressed(this.message.figure, {
      isLog: document.getElementById("log").checked && this.figure.dataset.family === "loss",
      smoothing: Number(document.getElementById("smooth").value) / 100,
      hidden: new Set(hidden.split(",").map(Number)),
      baseline: Number(baseline),
    });
    await Plotly.react(this.plot, traces, layout, CONFIG);
    if (this.plot.isWired) return;
    this.plot.isWired = true;
    this.plot.on("plotly_click", ({ points: [{ data }] }) => {
      document.dispatchEvent(new CustomEvent("line-picked", { detail: { job: String(data.meta.job) } }));
    });
  }

  /** Let one job's line stand out; none: all are equal again. */
  light(job) {
    if (!this.plot.data) return;
    for (const line of this.plot.querySelectorAll(".trace")) {
      const { trace } = line.__data__?.[0] ?? {};
      line.classList.toggle("dim", Boolean(job) && String(trace?.meta.job) !== job);
    }
  }
}
