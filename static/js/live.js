// What changes by itself: the bell that says which job changed, and the ages of things.
// A page that wants the bell says so by data-live="" (all jobs) or data-live="7" (one job). The bell
// becomes a `job-changed` event on the body; a page in a hidden tab hears and asks for nothing.

const UNITS = [[86400, "d"], [3600, "h"], [60, "min"], [1, "s"]];
const plain = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const withYear = new Intl.DateTimeFormat(undefined, { dateStyle: "medium" });
const clock = new Intl.DateTimeFormat(undefined, { timeStyle: "medium", hourCycle: "h23" });

/** A length of time in its two largest units, as the server writes it: 2 h 5 min. */
function span(seconds, units = 2) {
  const first = Math.max(0, UNITS.findIndex(([size]) => seconds >= size));
  const start = seconds < 1 ? UNITS.length - 1 : first;
  return UNITS.slice(start, start + units)
    .map(([size, name], index) => [Math.floor(index ? (seconds % UNITS[start + index - 1][0]) / size : seconds / size), name])
    .filter(([number, name], index) => number || index === 0)
    .map((part) => part.join(" "))
    .join(" ");
}

const DAY = 86400;
const WORDS = {
  age: (at, past) => (past > 30 * DAY ? withYear.format(at) : past < 1 ? "just now" : `${span(past, 1)} ago`),
  left: (at, past) => (past < 0 ? `${span(-past, 1)} left` : "any moment"),
  in: (at, past) => (past < 0 ? `in ${span(-past, 1)}` : "any moment"),
  since: (at, past) => span(past),
  clock: (at, past) => (past < DAY ? clock.format(at) : `${plain.format(at)}`),
};

function tell(time) {
  const at = new Date(time.dateTime);
  const past = Math.floor((Date.now() - at) / 1000);
  const words = WORDS[time.dataset.moment]?.(at, past) ?? plain.format(at);
  if (time.textContent !== words) time.textContent = words;
  if (!time.title) time.title = `${at.toISOString().replace("T", " ").slice(0, 19)} UTC`;
}

function tellAll(within = document) {
  for (const time of within.querySelectorAll("time[data-moment]")) tell(time);
}

let inFlight = 0;
const missed = [];

/** Say which jobs changed; none: something else did. A part that is being fetched would not hear it: it is
    told when the answer is there, or it would stay behind with the older one. */
function ring(jobs) {
  if (inFlight) missed.push(jobs);
  else document.body.dispatchEvent(new CustomEvent("job-changed", { detail: { jobs } }));
}

function ringAgain() {
  const heard = missed.splice(0);
  const jobs = [...new Set(heard.flat())];
  if (jobs.length) ring(jobs);
  if (heard.some(({ length }) => !length)) ring([]);
}

document.body.addEventListener("htmx:beforeSend", () => { inFlight += 1; });
document.body.addEventListener("htmx:afterRequest", () => {
  inFlight -= 1;
  if (!inFlight && missed.length) setTimeout(ringAgain);
});

/** Hold the stream while somebody looks; ring for all after each gap, as bells may have been missed. */
function listen(job) {
  let stream = null;
  const follow = () => {
    stream?.close();
    stream = null;
    if (document.hidden) return;
    stream = new EventSource(job ? `/live?job=${job}` : "/live");
    stream.addEventListener("change", (event) => ring(event.data.split(",").filter(Boolean)));
  };
  document.addEventListener("visibilitychange", () => {
    follow();
    if (!document.hidden) ring([]);
  });
  addEventListener("pagehide", () => stream?.close());
  follow();
}

const page = document.querySelector("[data-live]");
if (page) listen(page.dataset.live);

document.body.addEventListener("htmx:beforeRequest", (event) => {
  if (document.hidden) event.preventDefault();
});
document.body.addEventListener("htmx:afterSwap", () => tellAll()); // before it is painted
document.body.addEventListener("htmx:load", (event) => tellAll(event.detail.elt.parentElement ?? document));
setInterval(() => document.hidden || tellAll(), 1000);
tellAll();
