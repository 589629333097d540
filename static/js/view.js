// How the reader wants the charts drawn: one choice for all cards, kept in the address, so that a link shows the same.

const AXES = ["step", "epoch", "elapsed", "time"];
const SMOOTHEST = 99; // percent

function whole(text, most) {
  const number = /^\d{1,10}$/.test(text ?? "") ? Number(text) : null;
  return number !== null && number <= most ? number : null;
}

/** The choices as the address has them; what it says wrongly falls back. */
export function view() {
  const query = new URLSearchParams(location.search);
  const [from, to] = ["from", "to"].map((name) => whole(query.get(name), 2 ** 32));
  const isRange = from === null || to === null || from < to;
  return {
    x: AXES.includes(query.get("x")) ? query.get("x") : "step",
    isLog: query.get("y") === "log",
    smoothing: whole(query.get("smooth"), SMOOTHEST) ?? 0,
    ignoresOutliers: query.get("outliers") === "ignored",
    showsEpochs: query.get("epochs") !== "off",
    from: isRange ? from : null,
    to: isRange ? to : null,
    flipped: new Set(query.getAll("line")), // shown where they usually are not, or the other way round
  };
}

/** Change some choices, by their names in the address; null or "" takes one back to what is usual. */
export function choose(changes) {
  const address = new URL(location.href);
  for (const [name, value] of Object.entries(changes)) {
    address.searchParams.delete(name);
    for (const each of [value].flat()) if (each !== null && each !== "") address.searchParams.append(name, each);
  }
  if (address.href === location.href) return;
  history.replaceState(history.state, "", address);
  document.dispatchEvent(new CustomEvent("view-changed"));
}

export const isZoomed = ({ from, to }) => from !== null || to !== null;
