// One chart: fetches its figure early, draws it when Plotly is there, asks only for points behind its last step.

import { axisOf, isOfTime } from "./axis.js";
import { Detail } from "./detail.js";
import { drawn } from "./drawing.js";
import { shownOf, tell } from "./legend.js";
import { bestStep, connect } from "./marks.js";
import { choose, view } from "./view.js";
import { CONFIG, plotly } from "./plotly.js";
import { joined, lastStep, lines, read } from "./wire.js";

const STILL = 1500; // ms without a move of the pointer, after which a curve may be redrawn under it

export class Chart {
  constructor(figure, page) {
    [this.figure, this.page, this.url] = [figure, page, figure.dataset.chart]; // page: {job, clock()}
    this.plot = figure.querySelector(".plot");
    this.note = figure.querySelector("[data-note]");
    this.legend = figure.closest(".chart-card").querySelector("[data-legend]");
    this.detail = new Detail(this.url);
    this.moved = 0;
    figure.addEventListener("pointermove", () => { this.moved = performance.now(); });
    this.start();
  }

  async start() {
    try {
      this.message = await read(this.url);
      await plotly;
      await this.draw();
    } catch (error) {
      this.complain(error);
    }
  }

  complain(error) {
    const again = Object.assign(document.createElement("button"), { className: "button", textContent: "Try again" });
    again.addEventListener("click", () => this.start());
    this.note.hidden = false;
    this.note.replaceChildren(error.message, again);
  }

  /** Fetch what is new; where points are missing or were corrected, everything. */
  async follow() {
    this.isBehind = this.isBusy;
    if (this.isBusy) return;
    this.isBusy = true;
    try {
      const news = await read(this.message ? `${this.url}?after=${lastStep(this.message)}` : this.url);
      const wasEmpty = !this.message || lastStep(this.message) < 0;
      this.message = (this.message && joined(this.message, news)) ?? (await read(this.url));
      await plotly;
      await this.pointerRests();
      await this.draw();
      if (wasEmpty && lastStep(this.message) >= 0) document.body.dispatchEvent(new CustomEvent("first-step"));
    } catch { // the next bell or slow poll asks again
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
    const last = lastStep(this.message);
    if (last < 0) return void (this.note.hidden = false);
    this.figure.classList.remove("bare");
    const [choice, turn] = [view(), (this.turn = (this.turn ?? 0) + 1)];
    const clock = isOfTime(choice.x) ? await this.page.clock() : null;
    const message = await this.detail.of(this.message, choice);
    if (turn !== this.turn) return; // a newer choice is being drawn
    this.axis = axisOf(choice.x, this.page.job, clock);
    const shown = shownOf(lines(message));
    const given = { view: choice, axis: this.axis, job: this.page.job, shown, best: bestStep(), last };
    const { traces, layout, look } = drawn(message, given);
    tell(this.legend, lines(this.message), look);
    this.note.hidden = true;
    await Plotly.react(this.plot, traces, layout, CONFIG);
    this.isWired ||= this.wire();
  }

  wire() {
    connect(this.plot);
    this.plot.on("plotly_doubleclick", () => choose({ from: null, to: null }));
    this.plot.on("plotly_relayout", (change) => this.zoom(change));
    return true;
  }

  /** What was dragged across is shown by all cards. */
  zoom({ "xaxis.range[0]": from, "xaxis.range[1]": to }) {
    if (from === undefined) return;
    const [low, high] = [from, to].map((x) => Math.max(0, Math.round(this.axis.stepAt(x))));
    choose({ from: low, to: Math.max(low + 1, high) });
  }
}
