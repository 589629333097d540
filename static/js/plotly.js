// Plotly, which comes when it comes, and what all charts tell it. Nothing is ever sent to its makers.

export const CONFIG = { showSendToCloud: false, plotlyServerURL: "", displaylogo: false, displayModeBar: false, responsive: true, doubleClick: false };

export const plotly = new Promise((resolve) => {
  if (window.Plotly) resolve();
  else document.getElementById("plotly").addEventListener("load", resolve);
});
