// What makes pages quicker to use. Every page works without it.
(() => {
  "use strict";
  const on = (type, handle) => document.addEventListener(type, handle);
  const one = (selector, within = document) => within.querySelector(selector);
  const each = (selector, handle, within = document) => within.querySelectorAll(selector).forEach(handle);

  // Buttons that need a script show up with it.
  const awaken = (within = document) => {
    each("[data-copy][hidden], [data-needs-script][hidden]", (element) => { element.hidden = false; }, within);
  };

  const toast = (text) => {
    const box = document.createElement("div");
    const words = document.createElement("p");
    box.className = "toast is-ok";
    words.textContent = text;
    box.append(words);
    one("#toasts").append(box);
    setTimeout(() => box.remove(), 4000);
  };

  on("click", (event) => {
    const copy = event.target.closest("[data-copy]");
    if (copy) {
      navigator.clipboard.writeText(copy.dataset.copy).then(() => toast(copy.dataset.copied));
      return;
    }
    const dismiss = event.target.closest("[data-dismiss]");
    if (dismiss) dismiss.parentElement.remove();
    if (event.target.closest("[data-close]")) one("#modal").close();
    if (event.target.closest("[data-print]")) print();
    each("details.menu[open]", (menu) => { if (!menu.contains(event.target)) menu.open = false; });
  });

  on("change", (event) => {
    const { reveal, all, autosubmit } = event.target.dataset;
    if (reveal) document.getElementById(reveal).type = event.target.checked ? "text" : "password";
    if (all) each(`input[name="${all}"]`, (box) => { box.checked = event.target.checked; });
    if (autosubmit !== undefined) event.target.form.requestSubmit();
  });

  // What was asked for in the background is no longer wanted when a form is sent, and must not fail in the middle.
  document.addEventListener("submit", () => {
    each(".htmx-request", (waiting) => waiting.dispatchEvent(new Event("htmx:abort")));
  }, true);

  // A form that was changed and not sent asks before it is left; one that is sent is sent once.
  let changed = false;
  on("input", (event) => { if (event.target.closest("form[data-guard]")) changed = true; });
  on("submit", (event) => {
    changed = false;
    if (event.target.dataset.sent) event.preventDefault();
    else if (event.target.method === "post") event.target.dataset.sent = "yes";
  });
  addEventListener("pageshow", () => each("form[data-sent]", (form) => delete form.dataset.sent));
  addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });

  on("keydown", (event) => {
    if (event.key === "Escape") each("details.menu[open]", (menu) => { menu.open = false; one("summary", menu).focus(); });
    const typing = event.target.closest("input, textarea, select, [contenteditable]");
    const search = one("[data-search]");
    if (search && ((event.key === "k" && (event.ctrlKey || event.metaKey)) || (event.key === "/" && !typing))) {
      event.preventDefault();
      search.focus();
      search.select();
    }
  });

  // After a page was changed in place, whoever listens is told where they are.
  const arrive = () => {
    awaken();
    changed = false;
    each("form[data-sent]", (form) => delete form.dataset.sent);
    const summary = one(".error-summary");
    if (summary) summary.focus();
  };
  on("htmx:after:swap", (event) => {
    const told = event.detail && event.detail.ctx && event.detail.ctx.target;
    const target = typeof told === "string" ? one(told) : told;
    const modal = one("#modal");
    if (target && modal && modal.contains(target)) { if (!modal.open) modal.showModal(); }
    else if (target === document.body && !one(".error-summary")) one("h1")?.focus({ preventScroll: true });
    arrive();
  });
  arrive();
})();
