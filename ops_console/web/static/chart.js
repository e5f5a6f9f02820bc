// Hover over a chart that the server has drawn already. Without this file, or without Plotly, nothing is missing but hover.
const place = document.getElementById("chart");
const source = document.getElementById("chart-figure");
const darkness = matchMedia("(prefers-color-scheme: dark)");

function isDark() {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === "dark" : darkness.matches;
}

function draw(figures) {
  const { data, layout, config } = figures[isDark() ? "dark" : "light"];
  const margin = { ...layout.margin, r: 184 }; // the longest label at the right end
  const font = { ...layout.font, family: getComputedStyle(document.body).fontFamily };
  window.Plotly.react(place, data, { ...layout, margin, font, height: place.dataset.height * 1 }, config);
}

if (place && source && window.Plotly && place.clientWidth > 0) {
  const figures = JSON.parse(source.textContent);
  place.dataset.height = Math.round(place.getBoundingClientRect().height);
  place.replaceChildren();
  draw(figures);
  darkness.addEventListener("change", () => draw(figures));
}
