// Shortcuts. Everything they do is possible without them; an account can switch them off.
const places = { o: "/", k: "/kpis", i: "/incidents" };
let waitingFor = null;

function typing(target) {
  return target.closest("input, textarea, select, [contenteditable]") !== null;
}

function follow(relation) {
  document.querySelector(`a[rel~="${relation}"][data-period]`)?.click();
}

async function copyAddress() {
  await navigator.clipboard?.writeText(location.href);
  say("Link copied");
}

function say(words) {
  let region = document.getElementById("said");
  if (!region) {
    region = Object.assign(document.createElement("p"), { id: "said", className: "said" });
    region.setAttribute("role", "status");
    document.body.append(region);
  }
  region.textContent = words;
  setTimeout(() => { region.textContent = ""; }, 3000);
}

const actions = {
  "/": () => document.getElementById("search")?.focus(),
  "[": () => follow("prev"),
  "]": () => follow("next"),
  c: copyAddress,
  "?": () => location.assign("/help"),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  if (waitingFor === "g" && places[event.key]) location.assign(places[event.key]);
  else if (actions[event.key]) { event.preventDefault(); actions[event.key](); }
  waitingFor = event.key === "g" ? "g" : null;
});

for (const button of document.querySelectorAll("[data-copy-link]")) {
  button.hidden = false;
  button.addEventListener("click", copyAddress);
}
