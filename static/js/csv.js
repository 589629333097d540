// The points of a chart as a file.

/** A name as one cell: it is its service's, and may hold a comma, or a formula for somebody's spreadsheet. */
function cell(name) {
  const word = /^[=+\-@\t\r]/.test(name) ? `'${name}` : name;
  return /[",\r\n]/.test(word) ? `"${word.replaceAll('"', '""')}"` : word;
}

/** Every point as text: a line for each step, a column for each metric. */
function toCsv({ figure, counts }) {
  const lines = figure.data.filter(({ name }) => name in counts);
  const rows = new Map();
  lines.forEach(({ x, y }, column) => x.forEach((step, index) => {
    if (!rows.has(step)) rows.set(step, Array(lines.length).fill(""));
    rows.get(step)[column] = y[index];
  }));
  const body = [...rows].sort(([a], [b]) => a - b).map(([step, values]) => [step, ...values].join());
  return [["step", ...lines.map(({ name }) => cell(name))].join(), ...body].join("\n");
}

export function save(message, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([toCsv(message)], { type: "text/csv" }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
