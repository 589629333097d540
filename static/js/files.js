// A chart taken home: as a picture that explains itself, or as its points, every one of them.

import { lines } from "./wire.js";

const SIZE = { width: 1200, height: 640 };

/** A name as one cell: it is its service's, and may hold a comma, or a formula for somebody's spreadsheet. */
function cell(name) {
  const word = /^[=+\-@\t\r]/.test(name) ? `'${name}` : name;
  return /[",\r\n]/.test(word) ? `"${word.replaceAll('"', '""')}"` : word;
}

/** Every point as text: a line for each step, a column for each metric. */
function csv(message) {
  const columns = lines(message);
  const rows = new Map();
  columns.forEach(({ x, y }, column) => x.forEach((step, index) => {
    if (!rows.has(step)) rows.set(step, Array(columns.length).fill(""));
    rows.get(step)[column] = y[index];
  }));
  const body = [...rows].sort(([a], [b]) => a - b).map(([step, values]) => [step, ...values].join());
  return [["step", ...columns.map(({ name }) => cell(name))].join(), ...body].join("\n");
}

function json(message) {
  const told = ({ name, meta, x, y }) => ({ name, label: meta.label, about: meta.about, steps: Array.from(x), values: Array.from(y) });
  const marks = message.figure.data.find(({ meta }) => meta.role === "checkpoint");
  const checkpoints = Array.from(marks?.x ?? [], (step, index) => ({ step, value: marks.y[index], model: marks.customdata[index][0] }));
  return JSON.stringify({ lines: lines(message).map(told), checkpoints }, null, 1);
}

function save(url, name) {
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
}

function saveText(text, type, name) {
  const url = URL.createObjectURL(new Blob([text], { type }));
  save(url, name);
  URL.revokeObjectURL(url);
}

/** With its legend and a ground of its own, whatever it is put on. */
async function picture(format, plot, { title, color }) {
  const layout = {
    ...plot.layout,
    title: { text: title, x: 0.01, font: { size: 15, color: color.ink } },
    paper_bgcolor: color.paper,
    showlegend: true,
    legend: { orientation: "h", x: 0, y: 1.01, yanchor: "bottom" },
    margin: { l: 56, r: 24, t: 84, b: 56 },
  };
  return Plotly.toImage({ data: plot.data, layout }, { format, ...SIZE, scale: format === "png" ? 2 : 1 });
}

/** Save the chart in this format; `whole` reads all of its points. */
export async function take(format, { plot, name, title, color, whole }) {
  const file = `${name}.${format}`;
  if (format === "csv") saveText(csv(await whole()), "text/csv", file);
  else if (format === "json") saveText(json(await whole()), "application/json", file);
  else save(await picture(format, plot, { title, color }), file);
}
