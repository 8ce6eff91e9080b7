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

  // A message goes after a while, but not from under a hand; what went wrong stays until it is put away.
  const fade = (box) => {
    if (box.matches(".is-bad")) return;
    setTimeout(() => (box.matches(":hover, :focus-within") ? fade(box) : box.remove()), 8000);
  };
  const toast = (level, text) => {
    const kind = one(`#toast-${level}`) ?? one("#toast-info");
    const box = kind.content.cloneNode(true).firstElementChild;
    one("p", box).textContent = text;
    const toasts = one("#toasts");
    // An open dialog makes the rest of the page inert: messages come to it, and leave it as it closes.
    const home = one("dialog:modal") ?? document.body;
    if (toasts.parentElement !== home) home.append(toasts);
    toasts.append(box);
    fade(box);
  };
  document.addEventListener("close", (event) => {
    if (one("#toasts", event.target)) document.body.append(one("#toasts"));
  }, true);
  // What the server says beside an answer.
  on("toast", (event) => toast(event.detail.level, event.detail.msg));

  // The field that was written in last.
  let wrote = null;
  on("focusin", (event) => { if (event.target.matches("textarea, input.input")) wrote = event.target; });

  on("click", (event) => {
    const copy = event.target.closest("[data-copy]");
    if (copy) {
      navigator.clipboard.writeText(copy.dataset.copy).then(() => toast("ok", copy.dataset.copied));
      return;
    }
    const dismiss = event.target.closest("[data-dismiss]");
    if (dismiss) dismiss.parentElement.remove();
    const close = event.target.closest("[data-close]");
    if (close) close.closest("dialog").close();
    if (event.target.closest("[data-print]")) print();
    // A placeholder goes to where one was writing.
    const insert = event.target.closest("[data-insert]");
    if (insert) {
      const form = insert.closest("form");
      const field = form.contains(wrote) ? wrote : one("textarea", form);
      field.setRangeText(insert.dataset.insert, field.selectionStart, field.selectionEnd, "end");
      field.focus();
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
    each("details.menu[open]", (menu) => { if (!menu.contains(event.target)) menu.open = false; });
  });

  // How many are ticked, beside what can be done to them.
  const tally = (form) => each("[data-picked]", (picked) => {
    if (picked.closest("form") === form) picked.textContent = form.querySelectorAll(`tbody input[name="${picked.dataset.picked}"]:checked`).length;
  });
  on("reset", (event) => setTimeout(tally, 0, event.target));

  on("change", (event) => {
    const { reveal, all, autosubmit } = event.target.dataset;
    if (reveal) document.getElementById(reveal).type = event.target.checked ? "text" : "password";
    if (all) each(`input[name="${all}"]`, (box) => { box.checked = event.target.checked; });
    tally(event.target.form);
    if (autosubmit !== undefined) event.target.form.requestSubmit();
  });

  on("keydown", (event) => {
    if (event.key === "Escape") each("details.menu[open]", (menu) => { menu.open = false; one("summary", menu).focus(); });
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

  const targetOf = (event) => {
    const told = event.detail?.ctx?.target;
    return typeof told === "string" ? one(told) : told;
  };

  // What is about to be replaced says so, as long as any request for it is under way.
  const waits = new Map();
  on("htmx:before:request", (event) => {
    const target = targetOf(event);
    if (!target) return;
    waits.set(event.detail.ctx, target);
    target.setAttribute("aria-busy", "true");
  });
  on("htmx:finally:request", (event) => {
    const target = waits.get(event.detail.ctx);
    waits.delete(event.detail.ctx);
    if (target && ![...waits.values()].includes(target)) target.removeAttribute("aria-busy");
  });

  // What went wrong without an answer to show is told on the page itself.
  const fail = () => {
    one("#notices")?.replaceChildren(one("#failed").content.cloneNode(true));
    each("form[data-sent]", (form) => delete form.dataset.sent);
  };
  on("htmx:error", fail);
  on("htmx:response:error", (event) => { if (event.detail.ctx.response.status >= 500) fail(); });

  // After a page was changed in place, whoever listens is told where they are.
  const arrive = () => {
    awaken();
    changed = false;
    each("form[data-sent]", (form) => delete form.dataset.sent);
    // On a narrow screen the row of tabs scrolls: where one is, is to be seen.
    each(":is(.tabs, .topnav) [aria-current]", (tab) => tab.scrollIntoView({ block: "nearest", inline: "nearest" }));
    const summary = one(".error-summary");
    if (summary) summary.focus();
  };
  on("htmx:after:swap", (event) => {
    one("[data-failed]")?.remove();
    const target = targetOf(event);
    const modal = one("#modal");
    const now = target?.id ? document.getElementById(target.id) : null;
    if (target && modal?.contains(target)) { if (!modal.open) modal.showModal(); }
    else if (target === document.body && !one(".error-summary")) one("h1")?.focus({ preventScroll: true });
    if (now?.dataset.told) one("[data-tell]", now.closest("dialog") ?? document).textContent = now.dataset.told;
    // The button that was pressed may be gone with what it stood in.
    if (now && document.activeElement === document.body) one("[data-land]", now)?.focus();
    arrive();
  });
  each("#toasts > .toast", fade);
  arrive();
})();
