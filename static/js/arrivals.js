// New jobs that are not shown yet, as whoever reads the list would lose their place: a button says how many.

const place = () => document.querySelector("[data-arrivals]");

export function announce(count, load) {
  const words = `${count} new job${count === 1 ? "" : "s"}`;
  if (place().textContent === words) return;
  const button = document.createElement("button");
  button.className = "button";
  button.textContent = words;
  button.addEventListener("click", load);
  place().replaceChildren(button);
}

document.body.addEventListener("htmx:afterSwap", ({ detail: { target } }) => {
  if (target.id !== "job-rows") return;
  if (place().contains(document.activeElement)) document.querySelector("tr[data-job] a")?.focus();
  place().replaceChildren();
});
