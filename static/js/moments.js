// How old things are, in words that grow old with them; on hover the exact moment, in the reader's zone.
// Not a module on purpose: it speaks as soon as a part of the page is there and before that is painted, so
// that no line grows or shrinks under the reader's eyes.
"use strict";
{
  const UNITS = [[86400, "d"], [3600, "h"], [60, "min"], [1, "s"]];
  const plain = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const withYear = new Intl.DateTimeFormat(undefined, { dateStyle: "medium" });
  const exact = new Intl.DateTimeFormat(undefined, { weekday: "short", day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23", timeZoneName: "short" });
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
    if (!time.title) time.title = exact.format(at);
  }

  function tellAll(which = "") {
    for (const time of document.querySelectorAll(`time[data-moment]${which}`)) tell(time);
  }

  const tellNew = () => tellAll(":not([title])");
  const parsing = new MutationObserver(tellNew);
  parsing.observe(document, { childList: true, subtree: true });
  document.addEventListener("DOMContentLoaded", () => {
    tellNew();
    parsing.disconnect();
  });
  document.addEventListener("htmx:afterSwap", tellNew);
  document.addEventListener("htmx:load", tellNew);
  setInterval(() => document.hidden || tellAll(), 1000);
}
