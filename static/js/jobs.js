// The jobs list: rows that refresh when their job changed, the whole list when others did, and its keys.
// Nothing moves under the pointer: news that would reorder the list wait until it has left.

const list = () => document.getElementById("job-rows");
const rows = () => [...document.querySelectorAll("tr[data-job]")];
const ids = (html) => [...html.matchAll(/<tr data-job="(\d+)"/g)].map((found) => found[1]);
let waiting = 0;
let isWanted = false; // the reader asked for the news themselves

function refreshRow(row) {
  const address = `${row.querySelector("a").pathname}/row?revision=${row.dataset.revision}&columns=${encodeURIComponent(list().dataset.columns)}`;
  htmx.ajax("GET", address, { target: row, select: "tr", swap: "outerHTML" });
}

/** Ask for the whole list, by itself not more often than every two seconds. Behind its head it stands still. */
function refreshList(delay = 2000) {
  if (waiting || !list()?.dataset.refresh) return;
  waiting = setTimeout(() => {
    waiting = 0;
    if (!document.hidden && list()) htmx.ajax("GET", list().dataset.refresh, { target: "#job-rows", swap: "outerHTML" });
  }, delay);
}

document.body.addEventListener("job-changed", ({ detail: { jobs } }) => {
  const shown = new Map(rows().map((row) => [row.dataset.job, row]));
  for (const job of jobs) if (shown.has(job)) refreshRow(shown.get(job));
  if (!jobs.length || jobs.some((job) => !shown.has(job))) refreshList();
});

setInterval(() => document.hidden || refreshList(), 20_000);

document.body.addEventListener("htmx:beforeSwap", (event) => {
  const { target, serverResponse, xhr, requestConfig } = event.detail;
  if (xhr.status !== 200) return;
  if (target.id === "filter") target.showPopover();
  if (target.matches("tr[data-job]")) {
    if (target.matches(":active")) event.detail.shouldSwap = false;
    if (!serverResponse.includes(`data-state="${target.dataset.state}"`)) refreshList(); // counts moved
  }
  if (target.id !== "job-rows" || !requestConfig.path.includes("version=")) return;
  if (target.querySelector(".menu[open]")) return void (event.detail.shouldSwap = false); // it would close
  const [shown, coming] = [ids(target.innerHTML), ids(serverResponse)];
  const isInUse = !isWanted && target.matches(":hover, :focus-within, :has(.pick:checked)");
  isWanted = false;
  if (!isInUse || coming.join() === shown.join()) return;
  event.detail.shouldSwap = false;
  target.addEventListener("pointerleave", () => refreshList(), { once: true });
  const news = coming.filter((id) => !shown.includes(id)).length;
  if (news) import("./arrivals.js").then(({ announce }) => announce(news, () => { isWanted = true; refreshList(0); }));
});

// A query string without empty fields.
document.body.addEventListener("htmx:configRequest", ({ detail: { elt, parameters } }) => {
  if (elt.id !== "search") return;
  for (const name of ["q", "state"]) if (!parameters[name]) delete parameters[name];
  if (parameters.sort === "-created") delete parameters.sort;
});

// The whole row leads to its job; text in it can be selected all the same.
document.addEventListener("click", (event) => {
  const row = event.target.closest?.("tr[data-job]");
  if (!row || event.target.closest("a, .of-pick") || String(getSelection())) return;
  const { href } = row.querySelector("a");
  if (event.ctrlKey || event.metaKey) open(href);
  else location.assign(href);
});

// Selecting is fetched with the first press: most visits only read.
const picks = () => import("./picks.js");
document.addEventListener("click", ({ target, shiftKey }) => {
  if (target.matches?.("input.pick")) picks().then(({ pick }) => pick(target, shiftKey));
});

const here = () => document.activeElement.closest("tr[data-job]");

function move(by) {
  const all = rows();
  const now = all.indexOf(here());
  const row = all[now < 0 ? 0 : Math.min(all.length - 1, Math.max(0, now + by))];
  row?.querySelector("a").focus();
  row?.scrollIntoView({ block: "nearest" });
}

const keys = {
  "/": () => document.getElementById("q").select(),
  "j": () => move(1),
  "k": () => move(-1),
  "x": ({ shiftKey }, row = here()) => picks().then(({ toggle }) => toggle(row, shiftKey)),
  "c": () => picks().then(({ press }) => press("compare")),
  "Escape": () => picks().then(({ press }) => press("none")),
};

document.addEventListener("keydown", (event) => {
  const key = event.key === "X" ? "x" : event.key;
  const isTyping = event.target.matches("input:not(.pick), textarea, select, dialog *") || document.querySelector(":popover-open");
  if (event.key === "Escape" && event.target.id === "q") event.target.blur();
  if (isTyping || event.ctrlKey || event.metaKey || event.altKey || !(key in keys)) return;
  event.preventDefault();
  keys[key](event);
});
