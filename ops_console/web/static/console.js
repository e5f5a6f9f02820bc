// What a page gains by script: shortcuts, copied links, menus that close by themselves. Nothing needs it.
const hasKeys = document.documentElement.dataset.keys !== "off";
const places = { o: "/?period=latest", k: "/kpis", i: "/incidents" };
let waitingFor = null;

function typing(target) {
  return target.closest("input, textarea, select, [contenteditable]") !== null;
}

function follow(relation) {
  document.querySelector(`a[rel~="${relation}"][data-period]`)?.click();
}

// The first link of the page keeps its period; a page without one is copied as it is.
async function copy(link = document.querySelector("a[data-copy-link]")) {
  await navigator.clipboard?.writeText(link ? link.href : location.href);
  say("Link copied");
}

function say(words) {
  const region = document.getElementById("said");
  region.textContent = words;
  setTimeout(() => { region.textContent = ""; }, 3000);
}

function help() {
  const keys = document.getElementById("keys-help");
  keys.open ? keys.close() : keys.showModal();
}

function closeMenus(but = null) {
  for (const menu of document.querySelectorAll("details.drop[open]")) if (!menu.contains(but)) menu.open = false;
}

const actions = {
  "/": () => document.getElementById("search")?.focus(),
  "[": () => follow("prev"),
  "]": () => follow("next"),
  c: () => copy(),
  "?": help,
};

function pressed(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  if (waitingFor === "g" && places[event.key]) location.assign(places[event.key]);
  else if (actions[event.key]) { event.preventDefault(); actions[event.key](); }
  waitingFor = event.key === "g" ? "g" : null;
}

if (hasKeys) document.addEventListener("keydown", pressed);

document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" ? event.target.closest("details.drop[open]") : null;
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});
document.addEventListener("click", (event) => closeMenus(event.target));

// What goes on by itself is shown as it goes, until it has come to its end; never under somebody's hands.
async function renew(live) {
  const answer = await fetch(location.href).catch(() => null);
  const page = answer?.ok ? new DOMParser().parseFromString(await answer.text(), "text/html") : null;
  const found = page?.getElementById(live.id);
  if (found && !live.contains(document.activeElement)) live.replaceWith(found);
  watch();
}

function watch() {
  const live = document.querySelector("[data-live]");
  if (live) setTimeout(renew, Number(live.dataset.live) * 1000, live);
}

watch();

for (const link of document.querySelectorAll("a[data-copy-link]")) {
  link.addEventListener("click", (event) => {
    if (!navigator.clipboard) return;
    event.preventDefault();
    copy(link);
    closeMenus();
  });
}
