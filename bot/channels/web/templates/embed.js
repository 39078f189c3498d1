/* One script tag puts a button on a department's page; it opens the assistant in a frame of its own:
   <script src="https://…/embed.js" async></script>   (data-language="en" sets the language; else the page's own). */
(() => {
  "use strict";
  const script = document.currentScript;
  const home = new URL(script.src).origin;
  const sentences = {{ sentences | tojson }};
  const wanted = (script.dataset.language || document.documentElement.lang || "vi").slice(0, 2).toLowerCase();
  const language = wanted in sentences ? wanted : "vi";
  const say = sentences[language];
  const PATIENCE = 8000;

  const STYLE = `
    :host { all: initial; }
    * { box-sizing: border-box; font-family: system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
    [hidden] { display: none !important; }
    .open { position: fixed; right: 20px; bottom: 20px; z-index: 2147483000; display: flex; align-items: center;
      gap: 10px; min-height: 56px; padding: 0 22px 0 16px; border: 2px solid #fff; border-radius: 28px;
      font-size: 16px; font-weight: 600; color: #fff; background: #0c4a6e; cursor: pointer;
      box-shadow: 0 4px 18px rgba(0, 30, 50, .35); }
    .open:hover { background: #0f5a86; }
    .open:focus-visible, a:focus-visible { outline: 3px solid #0b76c5; outline-offset: 3px; }
    svg { fill: none; stroke: currentColor; stroke-width: 2; stroke-linecap: round; stroke-linejoin: round; }
    .panel { position: fixed; right: 20px; bottom: 20px; z-index: 2147483001; width: 400px; height: 640px;
      max-width: calc(100vw - 40px); max-height: calc(100vh - 40px); overflow: hidden; border-radius: 16px;
      border: 1px solid #b9c9d6; background: #eef3f7; box-shadow: 0 10px 40px rgba(0, 30, 50, .35); }
    iframe { display: block; width: 100%; height: 100%; border: 0; }
    .refused { display: grid; place-content: center; gap: 16px; height: 100%; padding: 24px; text-align: center; }
    a, .shut { padding: 12px 18px; border-radius: 22px; font-size: 16px; font-weight: 600; color: #fff;
      background: #0c4a6e; text-decoration: none; border: 0; cursor: pointer; }
    .shut { color: #0c4a6e; background: transparent; }
    @media (max-width: 600px) {
      .panel { inset: 0; width: 100%; height: 100%; max-width: none; max-height: none; border: 0; border-radius: 0; }
    }`;

  function build() {
    if (document.querySelector("cung-thanh-cong")) return;
    const host = document.createElement("cung-thanh-cong");
    const root = host.attachShadow({ mode: "open" });
    // A constructed sheet passes the page's own content security policy; a style element might not.
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    root.adoptedStyleSheets = [sheet];

    const open = element("button", "open", { type: "button", "aria-haspopup": "dialog", "aria-expanded": "false" });
    open.append(bubble(), document.createTextNode(say.open));
    const panel = element("div", "panel", { role: "dialog", "aria-label": say.title });
    panel.hidden = true;
    root.append(open, panel);
    document.body.append(host);

    let frame = null;
    let ready = false;
    let refused = null;

    function show() {
      panel.hidden = false;
      open.hidden = true;
      open.setAttribute("aria-expanded", "true");
      if (!frame) load();
      else greet();
    }

    function hide() {
      panel.hidden = true;
      open.hidden = false;
      open.setAttribute("aria-expanded", "false");
      open.focus();
    }

    function load() {
      frame = element("iframe", "", { src: `${home}/embed?lang=${language}`, title: say.title });
      panel.append(frame);
      setTimeout(() => { if (!ready) refuse(); }, PATIENCE);
    }

    function greet() {
      if (refused) { refused.querySelector("a").focus(); return; }
      frame.focus();
      frame.contentWindow?.postMessage("ctc:opened", home);
    }

    // The service does not answer, or this site may not frame it: a window of its own still works. A frame that
    // was only slow is shown when it comes.
    function refuse() {
      refused = element("div", "refused", {});
      const link = element("a", "", { href: `${home}/?lang=${language}`, target: "_blank", rel: "noopener" });
      link.textContent = say.new_window;
      const shut = element("button", "shut", { type: "button" });
      shut.textContent = say.close;
      shut.addEventListener("click", hide);
      refused.append(link, shut);
      frame.hidden = true;
      panel.append(refused);
      if (!panel.hidden) greet();
    }

    function accept() {
      ready = true;
      refused?.remove();
      refused = null;
      frame.hidden = false;
      if (!panel.hidden) greet();
    }

    open.addEventListener("click", show);
    panel.addEventListener("keydown", (event) => { if (event.key === "Escape") hide(); });
    addEventListener("message", (event) => {
      if (event.origin !== home || event.source !== frame?.contentWindow) return;
      if (event.data === "ctc:ready") accept();
      if (event.data === "ctc:close") hide();
    });
  }

  function element(tag, name, attributes) {
    const made = document.createElement(tag);
    if (name) made.className = name;
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
  }

  function bubble() {
    const space = "http://www.w3.org/2000/svg";
    const svg = document.createElementNS(space, "svg");
    const path = document.createElementNS(space, "path");
    for (const [key, value] of Object.entries({ viewBox: "0 0 24 24", width: 26, height: 26, "aria-hidden": "true" })) {
      svg.setAttribute(key, value);
    }
    path.setAttribute("d", "M4 5h16v11H9l-5 4z");
    svg.append(path);
    return svg;
  }

  if (document.body) build();
  else addEventListener("DOMContentLoaded", build);
})();
