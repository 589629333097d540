// The bell that says which job changed, and what is newly wrong with listening. A page that wants it says so by data-live="" (all jobs) or
// data-live="7" (one job). The bell becomes a `job-changed` event on the body; a page in a hidden tab hears
// and asks for nothing.

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

let told = "";

/** Read aloud what is newly wrong: the notices themselves come anew with each look, and their ages grow. */
document.body.addEventListener("htmx:afterSwap", ({ detail: { target } }) => {
  if (target.id !== "health") return;
  const words = [...document.querySelectorAll("#health b")].map(({ textContent }) => textContent).join(" ");
  if (words !== told) document.getElementById("said").textContent = words;
  told = words;
});

document.body.addEventListener("htmx:beforeRequest", (event) => {
  if (document.hidden) event.preventDefault();
});
