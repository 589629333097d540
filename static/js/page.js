// What the reader's own presses do on every page: theme, copy, dismiss, dialogs, keys. Not a module on purpose:
// it stands in the head and runs before the first paint, so that no page flashes in the wrong theme.
"use strict";
{
  const THEMES = ["system", "light", "dark"];
  const root = document.documentElement;

  const theme = () => {
    const stored = localStorage.getItem("theme");
    return THEMES.includes(stored) ? stored : "system";
  };

  const wear = (worn = theme()) => {
    root.dataset.theme = worn;
    const button = document.querySelector("[data-theme-toggle]");
    if (button) button.ariaLabel = button.title = `Theme: ${theme()}`;
    document.dispatchEvent(new CustomEvent("theme-changed"));
  };

  const presses = {
    "[data-theme-toggle]": () => {
      localStorage.setItem("theme", THEMES[(THEMES.indexOf(theme()) + 1) % THEMES.length]);
      wear();
    },
    "[data-copy]": async (button) => {
      await navigator.clipboard.writeText(button.dataset.copy);
      button.classList.add("copied");
      document.getElementById("said").textContent = "Copied";
      setTimeout(() => {
        button.classList.remove("copied");
        document.getElementById("said").textContent = "";
      }, 1500);
    },
    "[data-dismiss]": (button) => button.parentElement.remove(),
    "[data-shortcuts]": () => document.getElementById("shortcuts")?.showModal(),
    "[data-close]": (button, event) => {
      const dialog = button.closest("dialog");
      if (!dialog) return; // a page of its own: the link leads back
      event.preventDefault();
      dialog.close();
    },
  };

  // Buttons that need this script are hidden until it is there; their room is kept. There is no clipboard
  // over plain http.
  const reveal = () => {
    for (const button of document.querySelectorAll("button[hidden]")) {
      if (button.matches("[data-copy]") && !navigator.clipboard) button.remove();
      else button.hidden = false;
    }
  };

  document.addEventListener("click", (event) => {
    for (const [selector, press] of Object.entries(presses)) {
      const button = event.target.closest(selector);
      if (button) press(button, event);
    }
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });

  // Escape closes a menu; ? shows the keys; from every page, g and then j leads to the jobs.
  let before = "";
  document.addEventListener("keydown", ({ key, target, ctrlKey, metaKey, altKey }) => {
    const menu = key === "Escape" && document.querySelector("details.menu[open]");
    if (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
    if (target.matches("input:not(.pick), textarea, select, dialog *") || ctrlKey || metaKey || altKey) return;
    if (key === "?") document.getElementById("shortcuts")?.showModal();
    if (before === "g" && key === "j") location.assign(document.querySelector(".wordmark").href);
    before = key;
  });

  // Read aloud what is newly wrong: the notices come anew with each look, and their ages grow.
  let told = "";
  document.addEventListener("htmx:afterSwap", ({ detail: { target } }) => {
    const words = [...document.querySelectorAll("#health b")].map(({ textContent }) => textContent).join(" ");
    if (target.id === "health" && words !== told) document.getElementById("said").textContent = told = words;
  });

  wear();
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => wear());
  addEventListener("beforeprint", () => wear("light")); // curves too: paper is white
  addEventListener("afterprint", () => wear());
  // Bit by bit, before each is painted: what is shown later is seen to move.
  const parsing = new MutationObserver(reveal);
  parsing.observe(document, { childList: true, subtree: true });
  document.addEventListener("DOMContentLoaded", () => {
    parsing.disconnect();
    reveal();
    wear();
  });
  document.addEventListener("htmx:load", reveal);
  document.addEventListener("htmx:beforeRequest", (event) => document.hidden && event.preventDefault());
  document.addEventListener("goes-on", (event) => location.replace(event.detail.value));
}
