// The log: its tail stands still while the reader has left its newest line, and says how much came since;
// its filter is kept in the address.

const log = document.getElementById("log");
const list = () => document.getElementById("log-events");
const tail = () => log.querySelector("[data-tail]");
const news = () => log.querySelector("[data-news]");
const PAGE = 100; // as the server sends them
const PLACES = ["find", "level", "steps", "at", "before", "after"];

function isAway() {
  const isReading = !getSelection().isCollapsed && tail().contains(getSelection().anchorNode);
  return isReading || tail().scrollTop > 8 || tail().getBoundingClientRect().top < -8;
}

document.body.addEventListener("htmx:beforeSwap", (event) => {
  const { target, serverResponse, xhr } = event.detail;
  if (!target.matches("[data-sentinel]") || xhr.status !== 200) return;
  const count = serverResponse.split('id="event-').length - 1;
  if (!count || !isAway()) return;
  event.detail.shouldSwap = false; // it stays where it is, and finds them all again
  news().firstElementChild.textContent = count < PAGE ? `${count} newer` : `${count} or more newer`;
  news().hidden = false;
});

/** Let in what has waited. */
function catchUp() {
  if (news().hidden) return;
  news().hidden = true;
  const sentinel = tail().querySelector("[data-sentinel]");
  htmx.ajax("GET", sentinel.getAttribute("hx-get"), { target: sentinel, swap: "outerHTML" });
}

log.addEventListener("click", (event) => {
  if (!event.target.closest("[data-news]")) return;
  getSelection().removeAllRanges();
  tail().scrollTo({ top: 0 });
  if (tail().getBoundingClientRect().top < 0) log.scrollIntoView();
  catchUp();
  tail().focus({ preventScroll: true });
});

document.addEventListener("scroll", () => isAway() || catchUp(), { capture: true, passive: true });

document.body.addEventListener("htmx:afterSwap", ({ detail: { target } }) => {
  if (target.id !== "log-events") return;
  const address = new URL(location);
  for (const name of PLACES) address.searchParams.delete(name);
  for (const [name, value] of new URLSearchParams(list().dataset.query)) address.searchParams.set(name, value);
  history.replaceState(history.state, "", address);
});
