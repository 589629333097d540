// Plotly, which comes when it comes, and what all charts tell it. Nothing is ever sent to its makers.

export const CONFIG = { showSendToCloud: false, plotlyServerURL: "", displaylogo: false, displayModeBar: false, responsive: true, doubleClick: false };

export const plotly = new Promise((resolve) => {
  if (window.Plotly) resolve();
  else document.getElementById("plotly").addEventListener("load", resolve);
});

// On paper a drawing is as wide as the paper: it is scaled, as there is no time to draw it anew.
const drawings = () => document.querySelectorAll(".plot .main-svg");
const size = (svg) => ["width", "height"].map((side) => svg.getAttribute(side)).join(" ");
addEventListener("beforeprint", () => drawings().forEach((svg) => svg.setAttribute("viewBox", `0 0 ${size(svg)}`)));
addEventListener("afterprint", () => drawings().forEach((svg) => svg.removeAttribute("viewBox")));
