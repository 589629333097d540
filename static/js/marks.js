// Checkpoints stand on charts and in their table: whoever looks at one sees the other light up.

const rows = () => document.querySelectorAll("#job-checkpoints [data-step]");
const rowOf = (step) => [...rows()].find((row) => Number(row.dataset.step) === step);

/** The step that the table marks as the best. */
export function bestStep() {
  const row = document.querySelector("#job-checkpoints tr:has(.best)");
  return row ? Number(row.dataset.step) : null;
}

const traceOf = (plot) => plot.data?.findIndex(({ meta }) => meta?.role === "checkpoint") ?? -1;

/** Light the mark of this step on every chart; none: put them all out. */
function lightMarks(step) {
  for (const plot of document.querySelectorAll(".plot")) {
    const index = traceOf(plot);
    const steps = index < 0 ? [] : plot.data[index].customdata;
    const all = plot.querySelectorAll(".scatterlayer .trace");
    const points = all[all.length - 1]?.querySelectorAll(".point") ?? [];
    if (points.length === steps.length) points.forEach((point, place) => point.classList.toggle("lit", steps[place] === step));
  }
}

function lightRow(step) {
  for (const row of rows()) row.classList.toggle("lit", Number(row.dataset.step) === step);
}

/** A chart's marks light their rows, and a press leads there. */
export function connect(plot) {
  const stepOf = ({ points }) => points.find(({ data }) => data.meta.role === "checkpoint")?.customdata ?? null;
  plot.on("plotly_hover", (event) => lightRow(stepOf(event)));
  plot.on("plotly_unhover", () => lightRow(null));
  plot.on("plotly_click", (event) => {
    const row = rowOf(stepOf(event));
    if (!row) return;
    lightRow(Number(row.dataset.step));
    row.scrollIntoView({ block: "center" });
    row.querySelector("a, button")?.focus({ preventScroll: true });
  });
}

for (const kind of ["pointerover", "focusin"]) {
  document.addEventListener(kind, ({ target }) => {
    const row = target.closest?.("#job-checkpoints [data-step]");
    if (row) lightMarks(Number(row.dataset.step));
  });
}
for (const kind of ["pointerout", "focusout"]) {
  document.addEventListener(kind, ({ target }) => {
    if (target.closest?.("#job-checkpoints [data-step]")) lightMarks(null);
  });
}
