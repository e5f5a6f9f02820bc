// Hover over a chart that the server has drawn already. Without this file, or without Plotly, nothing is missing but hover.
const drawn = document.querySelector("#chart > svg");
const place = document.createElement("div");
const source = document.getElementById("chart-figure");
const darkness = matchMedia("(prefers-color-scheme: dark)");
const LINE = 16; // pixels that a label at the right end needs

function isDark() {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === "dark" : darkness.matches;
}

// Labels at the right end stand at their values; where two would touch, the lower one moves down.
function apart(labels, axis, height) {
  if (!axis?.range) return labels;
  const [start, end] = axis.domain ?? [0, 1];
  const perPixel = (axis.range[1] - axis.range[0]) / (height * (end - start));
  const ends = labels.filter((label) => label.yref !== "paper");
  let floor = Infinity;
  const moved = ends.sort((a, b) => b.y - a.y).map((label) => {
    const y = Math.min(label.y, floor);
    floor = y - LINE * perPixel;
    return { ...label, y };
  });
  return [...moved, ...labels.filter((label) => label.yref === "paper")];
}

function draw(figures) {
  const { data, layout, config } = figures[isDark() ? "dark" : "light"];
  const height = Number(place.dataset.height);
  const margin = { ...layout.margin, r: 184 }; // the longest label
  const font = { ...layout.font, family: getComputedStyle(document.body).fontFamily };
  const annotations = apart(layout.annotations ?? [], layout.yaxis, height - margin.t - margin.b);
  const xaxis = { ...layout.xaxis, showgrid: false };
  window.Plotly.react(place, data, { ...layout, annotations, font, height, margin, xaxis }, config);
}

const size = drawn?.getBoundingClientRect();
if (source && window.Plotly && size?.width > 0) {
  const figures = JSON.parse(source.textContent);
  place.dataset.height = Math.round(size.height);
  place.className = "on-screen";
  drawn.classList.add("on-paper"); // which has another width than the window
  drawn.after(place);
  draw(figures);
  darkness.addEventListener("change", () => draw(figures));
}
