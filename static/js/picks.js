// Selected jobs: ranges, all that are shown, how many. Ticks outlast the refresh of a row and of the list;
// what is no longer shown is no longer selected, so that nobody acts on what they do not see.

const boxes = () => [...document.querySelectorAll("input.pick[name=jobs]")];
const all = () => document.querySelector("[data-pick-all]");
let picked = new Set();
let last = "";

function show() {
  const count = document.querySelector("[data-picked-count]");
  if (!count) return;
  const words = `${picked.size} selected`;
  if (count.textContent !== words) count.textContent = words;
  all().checked = picked.size > 0 && picked.size === boxes().length;
  all().indeterminate = picked.size > 0 && !all().checked;
}

function remember() {
  picked = new Set(boxes().filter((box) => box.checked).map((box) => box.value));
  show();
}

/** Do to all from the box that was last ticked to this one what was done to this one. */
function range(box) {
  const among = boxes();
  const from = among.findIndex(({ value }) => value === last);
  const to = among.indexOf(box);
  if (from < 0) return;
  for (const each of among.slice(Math.min(from, to), Math.max(from, to) + 1)) each.checked = box.checked;
}

/** A box was pressed, and has its new state already. */
export function pick(box, isRange) {
  if (box === all()) for (const each of boxes()) each.checked = box.checked;
  else if (isRange) range(box);
  if (box !== all()) last = box.value;
  remember();
}

export function toggle(row, isRange) {
  const box = row?.querySelector("input.pick");
  if (!box) return;
  box.checked = !box.checked;
  pick(box, isRange);
}

export function press(deed) {
  if (picked.size) document.getElementById(`picked-${deed}`).click();
}

document.body.addEventListener("htmx:afterSwap", () => {
  for (const box of boxes()) box.checked = picked.has(box.value);
  remember();
});

document.addEventListener("reset", ({ target }) => {
  if (target.id !== "picked") return;
  picked = new Set(); // at once: a row that comes before the reset is through must not tick its box again
  setTimeout(remember);
});
