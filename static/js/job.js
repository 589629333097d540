// The job page: dialogs that ask before an action, swaps that wait for the reader, and a tab that tells the end, aloud too.

const dialog = document.getElementById("dialog");
const ICON = document.getElementById("favicon").href;
const DOTS = { failed: "%23e0632a", succeeded: "%2320b486" };

/** Whether the reader is pressing or selecting something in this part of the page. */
function isInUse(part) {
  const selection = getSelection();
  return Boolean(part.querySelector(":active")) || (!selection.isCollapsed && part.contains(selection.anchorNode));
}

document.body.addEventListener("htmx:beforeSwap", (event) => {
  const { target, requestConfig } = event.detail;
  if (requestConfig.verb === "post") dialog.close(); // first, so that the focus is back on a button that the swap keeps
  else if (target !== dialog && isInUse(target)) event.detail.shouldSwap = false;
});

document.body.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target === dialog) dialog.showModal();
});

dialog.addEventListener("close", () => dialog.replaceChildren());
dialog.addEventListener("click", (event) => {
  if (event.target === dialog) dialog.close(); // the backdrop
});

let shown = document.getElementById("job-state").dataset.state;

/** Tell by title and favicon what became of the job; the recipe knows more in a new state. */
function tellState() {
  const { state, title } = document.getElementById("job-state").dataset;
  document.title = title;
  const dot = DOTS[state] ? `%3Ccircle cx='25' cy='7' r='7' fill='${DOTS[state]}'/%3E%3C/svg%3E` : "%3C/svg%3E";
  document.getElementById("favicon").href = ICON.replace("%3C/svg%3E", dot);
  if (state !== shown) {
    document.getElementById("said").textContent = title;
    document.body.dispatchEvent(new CustomEvent("state-changed"));
  }
  shown = state;
}

document.body.addEventListener("htmx:afterSettle", tellState);
tellState();
