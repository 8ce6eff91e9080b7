// The palette, and keys that lead somewhere. Whatever they lead to is reached without them.
(() => {
  "use strict";
  const one = (selector, within = document) => within.querySelector(selector);
  const on = (type, handle) => document.addEventListener(type, handle);

  // --- The palette: a field and what the server finds for it.
  const field = () => one("#palette-q");
  const list = () => one("#palette-list");
  const options = () => [...list().querySelectorAll("[role=option]")];
  const chosen = () => one("[aria-selected=true]", list());

  const choose = (option) => {
    chosen()?.setAttribute("aria-selected", "false");
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) field().setAttribute("aria-activedescendant", option.id);
    else field().removeAttribute("aria-activedescendant");
  };

  const ask = () => field().dispatchEvent(new Event("opened"));
  // The library may come to the field after a quick hand.
  on("htmx:after:init", (event) => { if (event.target === field() && one("#palette[open]")) ask(); });

  // Without the library that asks the server there is none.
  const open = () => {
    const palette = one("#palette");
    if (!palette || !globalThis.htmx || one("dialog[open]")) return false;
    field().value = "";
    list().removeAttribute("data-asked");
    palette.showModal();
    field().focus();
    ask();
    return true;
  };

  const search = () => {
    const input = one("[data-search]");
    if (!input?.checkVisibility()) return open();
    input.focus();
    input.select();
    return true;
  };

  on("htmx:after:swap", (event) => { if (event.detail?.ctx?.target?.id === "palette-list") choose(options()[0]); });

  const walk = (event) => {
    const all = options();
    const at = all.indexOf(chosen());
    const last = all.length - 1;
    const next = { ArrowDown: at < last ? at + 1 : 0, ArrowUp: at > 0 ? at - 1 : last, Home: 0, End: last }[event.key];
    if (next !== undefined) {
      event.preventDefault();
      choose(all[next]);
    } else if (event.key === "Enter" && chosen() && list().dataset.asked === field().value) {
      // What was found for other words than those that stand there is not meant: they go to the search's own page.
      event.preventDefault();
      chosen().click();
    }
  };

  on("click", (event) => {
    if (event.target.id === "palette") event.target.close();
    if (event.target.closest("[data-palette]") && open()) event.preventDefault();
    if (event.target.closest("[data-help]")) one("#keys").showModal();
  });

  // --- Keys. Those that are one letter may be switched off, and are none where somebody types.
  let going = false;
  const single = {
    g: () => { going = true; },
    n: () => one("main a.btn--primary[href*='/nuov']")?.click(),
    "/": search,
    "?": () => one("#keys").showModal(),
  };

  on("keydown", (event) => {
    if (event.isComposing || event.defaultPrevented || event.altKey) return;
    const led = going;
    if (event.key !== "Shift") going = false;
    if (event.ctrlKey || event.metaKey) {
      if (event.key.toLowerCase() === "k" && !event.shiftKey && (open() || search())) event.preventDefault();
      return;
    }
    if (event.target.id === "palette-q") {
      if (!event.shiftKey) walk(event);
      return;
    }
    const typing = event.target.closest("input, textarea, select, [contenteditable]");
    if (typing || event.repeat || document.body.dataset.keys === "off" || one("dialog[open]")) return;
    const go = led && /^[a-z]$/.test(event.key) && one(`[data-go="${event.key}"]`);
    if (led ? go : Object.hasOwn(single, event.key)) {
      event.preventDefault();
      if (go) go.click();
      else single[event.key]();
    }
  });
  on("pointerdown", () => { going = false; });

  if (/Mac|iP/.test(navigator.platform)) document.querySelectorAll("[data-mod]").forEach((key) => { key.textContent = "⌘"; });
})();
