"use strict";
(() => {
  const $ = (id) => document.getElementById(id);
  const data = JSON.parse($("data").textContent);
  const { nodes, lines, types } = data;
  const root = document.documentElement;
  const picture = $("picture"), world = $("world"), panel = $("panel"), search = $("search"), side = $("side");
  const boxes = nodes.map((_, i) => $("n" + i));
  const paths = lines.map((_, i) => $("r" + i));
  const sign = { added: "+", removed: "−", changed: "~" };

  // What the reader has chosen outlives the page, where the browser keeps anything for files.
  const kept = {
    get(name) { try { return localStorage.getItem("erd." + name); } catch { return null; } },
    set(name, value) { try { localStorage.setItem("erd." + name, value); } catch { /* Then it does not. */ } },
  };

  const make = (tag, className, ...parts) => {
    const element = document.createElement(tag);
    if (className) element.className = className;
    element.append(...parts.filter((part) => part !== undefined && part !== null && part !== ""));
    return element;
  };

  // ---- The view: a scale and a place, drawn at most once a frame. ----
  const LEAST = 0.03, MOST = 2.5, DISTANT = 0.42;
  let view = { x: 0, y: 0, k: 1 }, asked = false, flight = 0;
  const shownBox = nodes.map(() => true), shownLine = lines.map(() => true);
  const size = () => ({ width: picture.clientWidth || 800, height: picture.clientHeight || 600 });
  const clamp = (k) => Math.min(MOST, Math.max(LEAST, k));

  const draw = () => {
    asked = false;
    const { x, y, k } = view, { width, height } = size();
    world.setAttribute("transform", `translate(${x} ${y}) scale(${k})`);
    picture.classList.toggle("distant", k < DISTANT);
    $("grid").setAttribute("patternTransform", `translate(${x} ${y}) scale(${k < 0.35 ? 1 : k})`);
    $("scale").value = Math.round(k * 100) + "%";
    // What is out of sight is not drawn; a box can have the focus there too.
    const left = -x / k - 60, top = -y / k - 60, right = (width - x) / k + 60, bottom = (height - y) / k + 60;
    const see = (l, t, r, b) => r >= left && l <= right && b >= top && t <= bottom;
    for (let i = 0; i < nodes.length; i++) {
      const [l, t, w, h] = nodes[i].place;
      const shown = see(l, t, l + w, t + h);
      if (shown !== shownBox[i]) { shownBox[i] = shown; boxes[i].classList.toggle("away", !shown); }
    }
    for (let i = 0; i < lines.length; i++) {
      const shown = see(...lines[i].place);
      if (shown !== shownLine[i]) { shownLine[i] = shown; paths[i].style.display = shown ? "" : "none"; }
    }
    drawMap();
  };
  const ask = () => { if (!asked) { asked = true; requestAnimationFrame(draw); } };
  const set = (next) => { view = next; ask(); };
  const zoom = (factor, px, py) => {
    cancelAnimationFrame(flight);
    const { width, height } = size();
    const cx = px === undefined ? width / 2 : px, cy = py === undefined ? height / 2 : py;
    const k = clamp(view.k * factor);
    set({ k, x: cx - ((cx - view.x) * k) / view.k, y: cy - ((cy - view.y) * k) / view.k });
  };
  const pan = (dx, dy) => { cancelAnimationFrame(flight); set({ ...view, x: view.x + dx, y: view.y + dy }); };
  const whole = () => {
    const { width, height } = size(), room = 48;
    const k = clamp(Math.min((width - 2 * room) / data.width, (height - 2 * room - 60) / data.height, 1));
    return { k, x: (width - data.width * k) / 2, y: Math.max(64, (height - data.height * k) / 2 - 10) };
  };
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const fly = (to) => {
    cancelAnimationFrame(flight);
    if (still.matches) { set(to); return; }
    const from = view, start = performance.now();
    const step = (now) => {
      const t = Math.min(1, Math.max(0, (now - start) / 260)), e = 1 - (1 - t) ** 3;
      const k = from.k * (to.k / from.k) ** e;
      set({ k, x: from.x + (to.x - from.x) * e, y: from.y + (to.y - from.y) * e });
      if (t < 1) flight = requestAnimationFrame(step);
    };
    flight = requestAnimationFrame(step);
  };
  const centre = (i, k) => {
    const [l, t, w, h] = nodes[i].place, { width, height } = size();
    const fits = h * k < height - 40;
    return { k, x: width / 2 - (l + w / 2) * k, y: fits ? height / 2 - (t + h / 2) * k : 40 - t * k };
  };
  const isInView = (i) => {
    const [l, t, w, h] = nodes[i].place, { width, height } = size(), { x, y, k } = view;
    return k >= DISTANT && l * k + x >= 0 && t * k + y >= 0 && (l + w) * k + x <= width && (t + h) * k + y <= height;
  };

  // ---- The map in the corner. ----
  const map = $("map"), ink = map.getContext("2d");
  const mapScale = Math.min(168 / Math.max(1, data.width), 108 / Math.max(1, data.height));
  const mapX = (180 - data.width * mapScale) / 2, mapY = (120 - data.height * mapScale) / 2;
  let colors = null;
  const drawMap = () => {
    if (!colors) {
      const style = getComputedStyle(root);
      colors = Object.fromEntries(["faint", "accent", "add", "del", "chg"].map((name) => [name, style.getPropertyValue("--" + name).trim()]));
    }
    const density = devicePixelRatio || 1;
    if (map.width !== 180 * density) { map.width = 180 * density; map.height = 120 * density; }
    ink.setTransform(density, 0, 0, density, 0, 0);
    ink.clearRect(0, 0, 180, 120);
    const of = { added: colors.add, removed: colors.del, changed: colors.chg };
    nodes.forEach((node, i) => {
      const [l, t, w, h] = node.place;
      ink.globalAlpha = i === chosen || node.mark ? 1 : 0.6;
      ink.fillStyle = i === chosen ? colors.accent : of[node.mark] || colors.faint;
      ink.fillRect(mapX + l * mapScale, mapY + t * mapScale, Math.max(1.5, w * mapScale), Math.max(1.5, h * mapScale));
    });
    const { width, height } = size();
    ink.globalAlpha = 1;
    ink.strokeStyle = colors.accent;
    ink.lineWidth = 1.5;
    ink.strokeRect(mapX - (view.x / view.k) * mapScale, mapY - (view.y / view.k) * mapScale, (width / view.k) * mapScale, (height / view.k) * mapScale);
  };
  const fromMap = (event) => {
    const at = map.getBoundingClientRect(), { width, height } = size();
    const x = (event.clientX - at.left - mapX) / mapScale, y = (event.clientY - at.top - mapY) / mapScale;
    set({ ...view, x: width / 2 - x * view.k, y: height / 2 - y * view.k });
  };
  map.addEventListener("pointerdown", (event) => { map.setPointerCapture(event.pointerId); fromMap(event); });
  map.addEventListener("pointermove", (event) => { if (event.buttons) fromMap(event); });

  // ---- What is chosen, and its panel. ----
  let chosen = -1;
  const choose = (i, { move = true, focus = false, write = true } = {}) => {
    if (chosen >= 0) boxes[chosen].classList.remove("on");
    document.querySelectorAll(".near").forEach((element) => element.classList.remove("near"));
    chosen = i;
    picture.classList.toggle("chosen", i >= 0);
    panel.hidden = i < 0;
    panel.replaceChildren();
    if (i >= 0) {
      boxes[i].classList.add("on", "near");
      lines.forEach((line, n) => {
        if (line.from === i || line.to === i) {
          paths[n].classList.add("near");
          boxes[line.from].classList.add("near");
          boxes[line.to].classList.add("near");
        }
      });
      fillPanel(i);
      panel.scrollTop = 0;
      if (move && !isInView(i)) fly(centre(i, Math.max(view.k, 0.9)));
      if (focus) panel.focus({ preventScroll: true });
    }
    for (const button of list.querySelectorAll("button")) {
      const on = Number(button.dataset.node) === i && button.dataset.node !== undefined;
      button.classList.toggle("on", on);
      if (on) { button.setAttribute("aria-current", "true"); button.scrollIntoView({ block: "nearest" }); } else button.removeAttribute("aria-current");
    }
    if (write) {
      const part = (name) => encodeURIComponent(name).replaceAll(".", "%2E");
      const hash = i < 0 ? "" : "#" + part(nodes[i].schema) + "." + part(nodes[i].name);
      try { history.replaceState(null, "", hash || location.pathname + location.search); } catch { /* A page within another may not. */ }
    }
    ask();
  };

  const link = (i, text) => {
    const button = make("button", "go", text);
    button.type = "button";
    button.addEventListener("click", () => choose(i, { focus: true }));
    return button;
  };
  const item = (mark) => make("li", mark || "", mark ? make("span", "sign " + mark, sign[mark] + " " + mark) : "");
  const fillPanel = (i) => {
    const node = nodes[i];
    const close = make("button", "close", "×");
    close.type = "button";
    close.title = "Close (Esc)";
    close.setAttribute("aria-label", "Close the details");
    close.addEventListener("click", () => { choose(-1); boxes[i].focus({ preventScroll: true }); });
    const kind = make("p", "kind", node.kind + " in schema " + node.schema);
    if (node.mark) kind.append(" · ", make("b", node.mark, sign[node.mark] + " " + node.mark));
    panel.append(make("div", "top", make("h2", "", node.name), close), kind);
    if (node.comment) panel.append(make("p", "note", node.comment));
    const section = (title, items) => {
      if (!items.length) return;
      panel.append(make("h3", "", title), make("ul", "", ...items));
    };
    const whole = node.mark === "added" || node.mark === "removed";
    section("Columns", node.columns.map((column) => {
      const li = item(whole ? "" : column.mark);
      const row = make("div", "row", make("span", "id", column.name));
      for (const key of column.keys || []) row.append(make("span", "tag " + key, key));
      row.append(make("span", "ty", column.type));
      li.append(row);
      const facts = [column.not_null ? "not null" : "may be null"];
      if (column.value) facts.push(column.value);
      li.append(make("p", "sub", facts.join(" · ")));
      if (column.was) li.append(make("p", "sub", "was ", make("span", "was", column.was)));
      if (column.comment) li.append(make("p", "sub", column.comment));
      if (column.named !== undefined) {
        const type = types[column.named];
        const labels = type.parts.map(([part, mark]) => make("span", mark === "same" ? "" : mark, (mark === "same" ? "" : sign[mark] + " ") + part));
        li.append(make("div", "labels", ...labels));
      }
      return li;
    }));
    const entry = (it) => {
      const li = item(whole ? "" : it.mark);
      li.append(make("div", "row", make("span", "id", it.name)));
      if (it.text) li.append(make("p", "sub sql", it.text));
      if (it.was !== undefined) li.append(make("p", "sub", "was ", make("span", "was", it.was || "nothing")));
      if (it.leads_to !== undefined) li.append(make("p", "sub", "→ ", link(it.leads_to, nodes[it.leads_to].label)));
      if (it.comment) li.append(make("p", "sub", it.comment));
      return li;
    };
    for (const part of node.sections) section(part.title, part.entries.map(entry));
    section("Referenced by", (node.used_by || []).map((it) => {
      const li = item(it.mark);
      li.append(make("div", "row", link(it.leads_to, it.name), make("span", "ty", it.text)));
      return li;
    }));
    section("Migrations", (node.history || []).map((it) => {
      const li = make("li", "", make("div", "row", make("span", "id", it.file)));
      if (it.what.length) li.append(make("p", "sub", it.what.join(", ")));
      return li;
    }));
  };

  // ---- The list and the search. ----
  const list = $("list"), only = $("only");
  const marked = (text, words) => {
    const span = make("span", "what");
    const lower = text.toLowerCase();
    // Where lower case has another length, places would not fit.
    const at = words.length && lower.length === text.length ? lower.indexOf(words[0]) : -1;
    if (at < 0) span.append(text);
    else span.append(text.slice(0, at), make("mark", "", text.slice(at, at + words[0].length)), text.slice(at + words[0].length));
    return span;
  };
  const haystacks = nodes.map((node) => ({
    name: node.label.toLowerCase(),
    rest: [node.comment || "", ...node.columns.flatMap((column) => [column.name, column.type, column.comment || ""])].map((it) => it.toLowerCase()),
  }));
  const match = (i, words) => {
    const { name, rest } = haystacks[i];
    let where = "name";
    for (const word of words) {
      if (name.includes(word)) continue;
      const column = nodes[i].columns.find((it) => (it.name + " " + it.type).toLowerCase().includes(word));
      if (column) where = column.name;
      else if (rest.some((it) => it.includes(word))) where = "comment";
      else return null;
    }
    return where;
  };
  let hits = [];
  const fillList = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const groups = new Map();
    hits = [];
    nodes.forEach((node, i) => {
      if (only.checked && !node.mark) return;
      const where = match(i, words);
      if (where === null) return;
      hits.push({ i, where });
    });
    if (words.length) {
      const rank = ({ i, where }) => (haystacks[i].name === words[0] ? 0 : nodes[i].name.toLowerCase().startsWith(words[0]) ? 1 : where === "name" ? 2 : 3);
      hits.sort((a, b) => rank(a) - rank(b) || a.i - b.i);
    }
    for (const hit of hits) {
      const title = words.length ? "" : nodes[hit.i].schema;
      if (!groups.has(title)) groups.set(title, []);
      groups.get(title).push(hit);
    }
    list.replaceChildren();
    for (const [title, group] of groups) {
      if (title && data.schemas.length > 1) list.append(make("h2", "", title));
      for (const { i, where } of group) {
        const node = nodes[i];
        const small = words.length && where !== "name" ? where : node.kind === "table" ? String(node.columns.length) : node.kind;
        const button = make("button", node.mark || "", node.mark ? make("span", "sign " + node.mark, sign[node.mark]) : "", marked(words.length && data.schemas.length > 1 ? node.label : node.name, words), make("small", "", small));
        button.type = "button";
        button.dataset.node = i;
        button.title = node.mark ? node.label + ": " + node.mark : node.label;
        button.addEventListener("click", () => choose(i));
        if (i === chosen) button.classList.add("on");
        const cell = make("div", "", button);
        cell.setAttribute("role", "listitem");
        list.append(cell);
      }
    }
    const named = types.filter((type) => (only.checked ? type.mark : true) && words.every((word) => (type.label + " " + type.parts.map(([part]) => part).join(" ")).toLowerCase().includes(word)));
    if (named.length) {
      list.append(make("h2", "", "Types"));
      for (const type of named) {
        const button = make("button", type.mark || "", type.mark ? make("span", "sign " + type.mark, sign[type.mark]) : "", marked(type.label, words), make("small", "", type.kind));
        button.type = "button";
        button.addEventListener("click", () => showType(type));
        const cell = make("div", "", button);
        cell.setAttribute("role", "listitem");
        list.append(cell);
      }
    }
    picture.classList.toggle("search", words.length > 0);
    const lit = new Set(words.length ? hits.map((hit) => hit.i) : []);
    boxes.forEach((box, i) => box.classList.toggle("hit", lit.has(i)));
    $("found").textContent = words.length ? (hits.length === 1 ? "1 table or view" : hits.length + " tables and views") : "";
  };
  const showType = (type) => {
    choose(-1);
    panel.hidden = false;
    const close = make("button", "close", "×");
    close.type = "button";
    close.setAttribute("aria-label", "Close the details");
    close.addEventListener("click", () => choose(-1));
    const kind = make("p", "kind", type.kind);
    if (type.mark) kind.append(" · ", make("b", type.mark, sign[type.mark] + " " + type.mark));
    panel.append(make("div", "top", make("h2", "", type.label), close), kind);
    if (type.comment) panel.append(make("p", "note", type.comment));
    const parts = type.parts.map(([part, mark]) => { const li = item(mark === "same" ? "" : mark); li.append(make("div", "row", make("span", "id", part))); return li; });
    panel.append(make("h3", "", type.kind === "enum" ? "Labels" : "Definition"), make("ul", "", ...parts));
    const place = types.indexOf(type);
    const users = nodes.flatMap((node, i) => node.columns.filter((column) => column.named === place).map((column) => [i, column.name]));
    if (users.length) panel.append(make("h3", "", "Used by"), make("ul", "", ...users.map(([i, column]) => make("li", "", make("div", "row", link(i, nodes[i].label), make("span", "ty", column))))));
    ask();
  };
  search.addEventListener("input", fillList);
  only.addEventListener("change", fillList);
  search.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && hits.length) { choose(hits[0].i); event.preventDefault(); }
    if (event.key === "ArrowDown") { list.querySelector("button")?.focus(); event.preventDefault(); }
    if (event.key === "Escape") { if (search.value) { search.value = ""; fillList(); } else search.blur(); event.stopPropagation(); }
  });
  list.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    const all = [...list.querySelectorAll("button")], at = all.indexOf(document.activeElement);
    const next = all[at + (event.key === "ArrowDown" ? 1 : -1)];
    (next || search).focus();
    event.preventDefault();
  });

  // ---- Mouse, touch and wheel. ----
  const fingers = new Map();
  let moved = 0, pinch = 0;
  const position = (event) => { const at = picture.getBoundingClientRect(); return { x: event.clientX - at.left, y: event.clientY - at.top }; };
  const spread = () => { const [a, b] = [...fingers.values()]; return { d: Math.hypot(a.x - b.x, a.y - b.y), x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 }; };
  picture.addEventListener("pointerdown", (event) => {
    if (event.button > 1) return;
    fingers.set(event.pointerId, position(event));
    if (fingers.size === 1) moved = 0;
    if (fingers.size === 2) pinch = spread().d;
  });
  picture.addEventListener("pointermove", (event) => {
    const last = fingers.get(event.pointerId);
    if (!last) return;
    const now = position(event);
    if (fingers.size === 1) {
      moved += Math.abs(now.x - last.x) + Math.abs(now.y - last.y);
      if (moved > 4) {
        // Only now: a click must reach the table that it is on.
        if (!picture.classList.contains("drag")) { picture.classList.add("drag"); try { picture.setPointerCapture(event.pointerId); } catch { /* It has gone. */ } }
        pan(now.x - last.x, now.y - last.y);
      }
    }
    fingers.set(event.pointerId, now);
    if (fingers.size === 2) {
      const { d, x, y } = spread();
      if (pinch > 0) zoom(d / pinch, x, y);
      pinch = d;
      moved = 9;
    }
  });
  const release = (event) => { fingers.delete(event.pointerId); if (!fingers.size) picture.classList.remove("drag"); };
  for (const name of ["pointerup", "pointercancel", "pointerleave"]) picture.addEventListener(name, release);
  picture.addEventListener("click", (event) => {
    if (moved > 4) { moved = 0; return; }
    const box = event.target.closest?.(".box"), line = event.target.closest?.(".line");
    if (box) choose(Number(box.id.slice(1)), { move: false });
    else if (line) choose(lines[Number(line.id.slice(1))].from, { move: false });
    else if (chosen >= 0 || !panel.hidden) choose(-1);
  });
  picture.addEventListener("dblclick", (event) => {
    const box = event.target.closest?.(".box");
    if (box) fly(centre(Number(box.id.slice(1)), 1));
    else { const at = position(event); zoom(1.6, at.x, at.y); }
  });
  picture.addEventListener("wheel", (event) => {
    event.preventDefault();
    const unit = event.deltaMode === 1 ? 16 : event.deltaMode === 2 ? 400 : 1;
    const at = position(event);
    if (event.shiftKey && !event.ctrlKey) { pan(-(event.deltaX || event.deltaY) * unit, 0); return; }
    zoom(Math.exp(Math.max(-120, Math.min(120, -event.deltaY * unit)) * (event.ctrlKey ? 0.01 : 0.0022)), at.x, at.y);
  }, { passive: false });

  // ---- Keys. ----
  boxes.forEach((box, i) => {
    box.setAttribute("tabindex", "0");
    box.setAttribute("role", "button");
    box.addEventListener("focus", () => {
      if (!box.matches(":focus-visible")) return;
      if (!isInView(i)) fly(centre(i, Math.max(view.k, 0.9)));
    });
    box.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      choose(i, { focus: true });
    });
  });
  const lists = () => { side.classList.toggle("closed"); ask(); };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const typing = event.target instanceof HTMLInputElement && event.target.type !== "checkbox";
    if (typing) return;
    const inText = panel.contains(event.target) || side.contains(event.target);
    const far = event.shiftKey ? 240 : 60;
    const moves = { ArrowLeft: [far, 0], ArrowRight: [-far, 0], ArrowUp: [0, far], ArrowDown: [0, -far] };
    if (moves[event.key] && !inText) { pan(...moves[event.key]); event.preventDefault(); return; }
    switch (event.key) {
      case "+": case "=": zoom(1.25); break;
      case "-": case "_": zoom(0.8); break;
      case "0": fly(whole()); break;
      case "/": side.classList.remove("closed"); search.focus(); search.select(); break;
      case "d": toggle(); break;
      case "l": lists(); break;
      case "Escape": {
        const was = chosen;
        choose(-1);
        if (was >= 0) boxes[was].focus({ preventScroll: true });
        break;
      }
      default: return;
    }
    event.preventDefault();
  });
  $("in").addEventListener("click", () => zoom(1.25));
  $("out").addEventListener("click", () => zoom(0.8));
  $("fit").addEventListener("click", () => fly(whole()));
  $("lists").addEventListener("click", lists);

  // ---- Light and dark. ----
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const paint = () => { colors = null; ask(); };
  const toggle = () => {
    const now = root.dataset.theme || (dark.matches ? "dark" : "light");
    root.dataset.theme = now === "dark" ? "light" : "dark";
    kept.set("theme", root.dataset.theme);
    paint();
  };
  const theme = kept.get("theme");
  if (theme === "dark" || theme === "light") root.dataset.theme = theme;
  dark.addEventListener("change", paint);
  $("theme").addEventListener("click", toggle);

  // ---- The begin. ----
  const named = () => {
    const [schema, name] = location.hash.slice(1).split(".").map((part) => { try { return decodeURIComponent(part); } catch { return part; } });
    return nodes.findIndex((node) => node.schema === schema && node.name === name);
  };
  if (data.compared) { $("filters").hidden = false; $("marks").hidden = false; }
  if (innerWidth <= 900) side.classList.add("closed");
  fillList();
  view = whole();
  draw();
  const first = location.hash.length > 1 ? named() : -1;
  if (first >= 0) { view = centre(first, 1); choose(first, { move: false }); }
  addEventListener("hashchange", () => { const i = named(); if (i >= 0 && i !== chosen) choose(i, { write: false }); });
  new ResizeObserver(ask).observe(picture);
})();
