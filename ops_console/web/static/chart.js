// Hover over a chart that the server has drawn already. Without this file, or without Plotly, nothing is missing but hover.
const place = document.getElementById("chart");
const source = document.getElementById("chart-figure");
const drawn = place?.firstElementChild;

function token(name) {
  const probe = document.createElement("span");
  probe.className = "unseen probe";
  probe.dataset.token = name;
  document.body.append(probe);
  const colour = getComputedStyle(document.body).getPropertyValue(`--${name}`);
  probe.remove();
  return resolved(colour);
}

// light-dark() arrives unresolved from a custom property; a used colour does not.
function resolved(colour) {
  const canvas = document.createElement("div");
  canvas.hidden = false;
  canvas.style.color = colour;
  document.body.append(canvas);
  const answer = getComputedStyle(canvas).color;
  canvas.remove();
  return answer;
}

function recoloured(value) {
  if (typeof value === "string") {
    const found = value.match(/^(?:var\()?--?token-([a-z0-9-]+)\)?$/);
    return found ? token(found[1]) : value;
  }
  if (Array.isArray(value)) return value.map(recoloured);
  if (value && typeof value === "object") {
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, recoloured(each)]));
  }
  return value;
}
