// Sorting, filtering and copying. Every page is complete without this file.
"use strict";

(function () {
  const state = new Map();
  let defaults = {};

  function readHash() {
    const text = location.hash.replace(/^#/, "");
    if (!text.includes("=")) { return false; }
    state.clear();
    for (const [key, value] of new URLSearchParams(text)) { state.set(key, value); }
    return true;
  }

  function writeHash() {
    const kept = new URLSearchParams();
    for (const [key, value] of state) {
      if (value !== "" && value !== (defaults[key] || "")) { kept.set(key, value); }
      else if (value === "" && defaults[key]) { kept.set(key, ""); }
    }
    const text = kept.toString();
    if (text || location.hash.includes("=")) {
      history.replaceState(null, "", text ? "#" + text : location.pathname + location.search);
    }
  }

  // -- sorting ---------------------------------------------------------------------------------
  function sortKey(row, index) {
    const cell = row.cells[index];
    const text = cell ? (cell.dataset.s !== undefined ? cell.dataset.s : cell.textContent) : "";
    const plain = text.replace(/,/g, "").replace(/\u2212/g, "-").replace(/^[≥≤>< ]+/, "");
    const number = plain.trim() === "" ? NaN : Number(plain);
    return Number.isNaN(number) ? (Number.isNaN(parseFloat(plain)) ? text.toLowerCase() : parseFloat(plain)) : number;
  }

  function compare(a, b) {
    if (typeof a === "number" && typeof b === "number") { return a - b; }
    if (typeof a === "number") { return -1; }
    if (typeof b === "number") { return 1; }
    return a < b ? -1 : a > b ? 1 : 0;
  }

  function sortTable(table, index, descending) {
    const body = table.tBodies[0];
    const rows = Array.from(body.rows).map((row, at) => ({ row, at: Number(row.dataset.at || at), key: sortKey(row, index) }));
    rows.forEach((entry) => { entry.row.dataset.at = entry.at; });
    rows.sort((a, b) => (descending ? compare(b.key, a.key) : compare(a.key, b.key)) || a.at - b.at);
    body.append(...rows.map((entry) => entry.row));
    Array.from(table.tHead.rows[0].cells).forEach((cell, at) => {
      if (at === index) { cell.setAttribute("aria-sort", descending ? "descending" : "ascending"); }
      else { cell.removeAttribute("aria-sort"); }
    });
  }

  function makeSortable(table) {
    Array.from(table.tHead.rows[0].cells).forEach((cell, index) => {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...cell.childNodes);
      cell.append(button);
      button.addEventListener("click", () => {
        const now = cell.getAttribute("aria-sort");
        const first = cell.classList.contains("n") ? "descending" : "ascending";
        const second = first === "descending" ? "ascending" : "descending";
        const next = now === first ? second : first;
        sortTable(table, index, next === "descending");
        if (table.id === "matrix") {
          state.set("sort", cell.dataset.k);
          state.set("order", next === "descending" ? "down" : "up");
          writeHash();
        }
      });
    });
  }

  // -- filtering -------------------------------------------------------------------------------
  function applyFilters(form, table) {
    const get = (key) => state.get(key) || "";
    const words = get("q").trim().toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const row of table.tBodies[0].rows) {
      const names = row.dataset.f.toLowerCase();
      const visible = words.every((word) => names.includes(word)) &&
        (!get("dtype") || row.dataset.d === get("dtype")) &&
        (!get("family") || row.dataset.g === get("family")) &&
        (!get("differ") || row.dataset.x === "1");
      row.hidden = !visible;
      shown += visible ? 1 : 0;
    }
    const heads = Array.from(table.tHead.rows[0].cells);
    const wanted = heads.some((cell) => cell.dataset.k === get("target")) ? get("target") : "";
    heads.forEach((cell, index) => {
      const hide = index > 2 && wanted !== "" && cell.dataset.k !== wanted;
      if (cell.hidden !== hide) {
        cell.hidden = hide;
        for (const row of table.tBodies[0].rows) { row.cells[index].hidden = hide; }
      }
    });
    form.querySelector("output").textContent = shown + " of " + table.tBodies[0].rows.length + " rows";
  }

  function showState(form, table) {
    for (const field of form.elements) {
      if (!field.name) { continue; }
      const value = state.get(field.name) || "";
      if (field.type === "checkbox") { field.checked = value === "1"; }
      else { field.value = value; if (field.value !== value) { field.value = ""; state.delete(field.name); } }
    }
    const index = Array.from(table.tHead.rows[0].cells).findIndex((cell) => cell.dataset.k === state.get("sort"));
    if (index >= 0) { sortTable(table, index, state.get("order") === "down"); }
    applyFilters(form, table);
  }

  function startFilters(form, table) {
    const dtypes = Array.from(form.elements.dtype.options).map((option) => option.value);
    defaults = { dtype: dtypes.includes("float32") ? "float32" : "" };
    const fill = () => { for (const key in defaults) { if (!state.has(key)) { state.set(key, defaults[key]); } } };
    form.hidden = false;
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("input", (event) => {
      const field = event.target;
      state.set(field.name, field.type === "checkbox" ? (field.checked ? "1" : "") : field.value);
      writeHash();
      applyFilters(form, table);
    });
    readHash();
    fill();
    showState(form, table);
    window.addEventListener("hashchange", () => { if (readHash()) { fill(); showState(form, table); } });
  }

  // -- copying ---------------------------------------------------------------------------------
  function fallbackCopy(text) {
    const area = document.createElement("textarea");
    area.value = text;
    area.className = "skip";
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  }

  function makeCopyable(block) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = "Copy";
    button.addEventListener("click", async () => {
      const text = block.querySelector("code").textContent;
      let done = false;
      try { await navigator.clipboard.writeText(text); done = true; } catch (error) { done = fallbackCopy(text); }
      button.textContent = done ? "Copied" : "Select and copy by hand";
      button.dataset.done = done ? "yes" : "no";
      setTimeout(() => { button.textContent = "Copy"; }, 1600);
    });
    block.append(button);
  }

  document.querySelectorAll("table.sortable").forEach(makeSortable);
  document.querySelectorAll("pre.snippet").forEach(makeCopyable);
  const form = document.getElementById("filters");
  const matrix = document.getElementById("matrix");
  if (form && matrix) { startFilters(form, matrix); }
})();
