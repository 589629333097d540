// What changes by itself: the bell that says which job changed, and how old things are. A page wants the bell
// by data-live="" (all jobs) or data-live="7" (one job); it becomes a `job-changed` event on the body; a hidden
// tab hears nothing. Not a module on purpose: times speak before they are painted, so that no line moves.
"use strict";
{
  const DAY = 86400;
  const UNITS = [[DAY, "d"], [3600, "h"], [60, "min"], [1, "s"]];

  // The first format of a page takes some 15 ms to make: where only ages are told, none is needed.
  const format = (options, made = null) => (at) => (made ??= new Intl.DateTimeFormat(undefined, options)).format(at);
  const plain = format({ day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const withYear = format({ dateStyle: "medium" });
  const exact = format({ weekday: "short", day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23", timeZoneName: "short" });
  const clock = format({ timeStyle: "medium", hourCycle: "h23" });

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

  const WORDS = {
    age: (at, past) => (past > 30 * DAY ? withYear(at) : past < 1 ? "just now" : `${span(past, 1)} ago`),
    left: (at, past) => (past < 0 ? `${span(-past, 1)} left` : "any moment"),
    in: (at, past) => (past < 0 ? `in ${span(-past, 1)}` : "any moment"),
    since: (at, past) => span(past),
    clock: (at, past) => (past < DAY ? clock : plain)(at),
  };
  const told = new WeakSet();

  function tell(time) {
    const at = new Date(time.dateTime);
    const words = WORDS[time.dataset.moment]?.(at, Math.floor((Date.now() - at) / 1000)) ?? plain(at);
    if (time.textContent !== words) time.textContent = words;
    told.add(time);
  }

  const times = () => [...document.querySelectorAll("time[data-moment]")];
  const tellNew = () => times().filter((time) => !told.has(time)).forEach(tell);
  const parsing = new MutationObserver(tellNew);
  parsing.observe(document, { childList: true, subtree: true });
  for (const name of ["htmx:afterSwap", "htmx:load"]) document.addEventListener(name, tellNew);
  setInterval(() => document.hidden || times().forEach(tell), 1000);

  // Whoever stays on a time wants to know it exactly.
  document.addEventListener("pointerover", ({ target }) => {
    if (target.matches?.("time[data-moment]")) target.title = exact(new Date(target.dateTime));
  });

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

  document.addEventListener("htmx:beforeSend", () => { inFlight += 1; });
  document.addEventListener("htmx:afterRequest", () => {
    inFlight -= 1;
    if (!inFlight && missed.length) setTimeout(ringAgain);
  });

  /** Hold the stream while somebody looks; ring for all after each gap, as bells may have been missed. */
  function listen(job) {
    let stream = null;
    const follow = () => {
      stream?.close();
      stream = document.hidden ? null : new EventSource(job ? `/live?job=${job}` : "/live");
      stream?.addEventListener("change", (event) => ring(event.data.split(",").filter(Boolean)));
    };
    document.addEventListener("visibilitychange", () => {
      follow();
      if (!document.hidden) ring([]);
    });
    addEventListener("pagehide", () => stream?.close());
    follow();
  }

  document.addEventListener("DOMContentLoaded", () => {
    parsing.disconnect();
    tellNew();
    const page = document.querySelector("[data-live]");
    if (page) listen(page.dataset.live);
  });
}
