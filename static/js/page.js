// What the reader's own presses do on every page: theme, copy, dismiss, dialogs. Not a module on purpose:
// it stands in the head and runs before the first paint, so that no page flashes in the wrong theme.
"use strict";
{
  const THEMES = ["system", "light", "dark"];
  const root = document.documentElement;

  const theme = () => {
    const stored = localStorage.getItem("theme");
    return THEMES.includes(stored) ? stored : "system";
  };

  const wear = () => {
    root.dataset.theme = theme();
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
      setTimeout(() => button.classList.remove("copied"), 1500);
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

  const isUseless = (button) =>
    (button.matches("[data-shortcuts]") && !document.getElementById("shortcuts")) ||
    (button.matches("[data-copy]") && !navigator.clipboard); // there is none over plain http

  // Buttons that need this script are hidden until it is there.
  const reveal = (within) => {
    for (const button of within.querySelectorAll("button[hidden]")) button.hidden = isUseless(button);
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

  document.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && document.querySelector("details.menu[open]");
    if (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });

  // g, then j: the jobs, from every page.
  let before = "";
  document.addEventListener("keydown", ({ key, target, ctrlKey, metaKey, altKey }) => {
    if (target.matches("input, textarea, select, [contenteditable]") || ctrlKey || metaKey || altKey) return;
    if (before === "g" && key === "j") location.assign(document.querySelector(".wordmark").href);
    before = key;
  });

  wear();
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", wear);
  document.addEventListener("DOMContentLoaded", () => {
    wear();
    reveal(document);
    document.body.addEventListener("goes-on", (event) => location.replace(event.detail.value));
    document.body.addEventListener("htmx:load", (event) => reveal(event.detail.elt.parentElement ?? document));
  });
}
