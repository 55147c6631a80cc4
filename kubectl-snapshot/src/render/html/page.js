
"use strict";
(() => {
  // With more groups than this, each begins folded, with its gist in view.
  const FOLDED_FROM = 40;
  // So few that are found are unfolded.
  const UNFOLDED = 8;

  const byId = (id) => document.getElementById(id);
  const [field, found, fold] = [byId("search"), byId("found"), byId("fold")];
  const groups = [...document.querySelectorAll("details.group")];
  const parts = [...document.querySelectorAll("section")].map((section) => ({
    section,
    items: [...section.querySelectorAll(".item")].map((element) => ({ element, text: null })),
  }));
  const all = parts.flatMap((part) => part.items);

  const prepare = () => {
    for (const item of all) item.text ??= item.element.textContent.toLowerCase();
  };

  const search = () => {
    prepare();
    const words = field.value.toLowerCase().split(/\s+/).filter((word) => word);
    const shown = [];
    for (const { section, items } of parts) {
      let any = items.length === 0 && words.length === 0;
      for (const item of items) {
        const fits = words.every((word) => item.text.includes(word));
        if (item.element.hidden === fits) item.element.hidden = !fits;
        if (fits) {
          any = true;
          shown.push(item.element);
        }
      }
      section.hidden = !any;
    }
    if (words.length === 0) {
      found.textContent = "";
      return;
    }
    found.textContent = `${shown.length} of ${all.length} entries`;
    if (shown.length <= UNFOLDED) {
      for (const element of shown) if (element.matches("details")) element.open = true;
    }
  };

  const unfold = (open) => {
    for (const group of groups) group.open = open;
    fold.textContent = open ? "Collapse all" : "Expand all";
  };

  field.addEventListener("input", search);
  fold.addEventListener("click", () => unfold(fold.textContent === "Expand all"));

  // On paper nothing can be unfolded.
  let folded = [];
  addEventListener("beforeprint", () => {
    folded = [...document.querySelectorAll("details:not([open])")];
    for (const part of folded) part.open = true;
  });
  addEventListener("afterprint", () => {
    for (const part of folded) part.open = false;
  });

  if (groups.length >= FOLDED_FROM) unfold(false);
  fold.hidden = groups.length < 2;
  byId("tools").hidden = all.length < 2;
  // The first letter typed need not wait for it.
  setTimeout(prepare, 200);
  // A browser that came back keeps what was typed.
  if (field.value) search();
})();
