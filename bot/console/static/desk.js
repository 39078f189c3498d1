// The day keeps itself fresh, never under somebody's hands; a camera can read a code where the browser knows how.
const EVERY = 4000;
const live = document.querySelector("[data-live]");
const offline = document.querySelector("[data-offline]");

for (const item of document.querySelectorAll(".scripted")) item.classList.remove("scripted");
document.querySelector("[data-print]")?.addEventListener("click", () => window.print());

function isBusy() {
  const here = document.activeElement;
  if (!live.contains(here)) return false;
  return here.matches("select, input, textarea");
}

let sending = false;
addEventListener("submit", () => { sending = true; });
addEventListener("pageshow", () => { sending = false; });

async function refresh() {
  if (sending || document.hidden || isBusy()) return;
  let answer;
  try {
    const headers = { "If-None-Match": live.dataset.mark ?? "", "X-By-Itself": "1" };
    answer = await fetch(live.dataset.live, { cache: "no-store", redirect: "manual", headers });
  } catch {
    offline.hidden = false;
    return;
  }
  if (answer.type === "opaqueredirect") { location.reload(); return; } // signed out meanwhile
  if (answer.status === 304) { offline.hidden = true; return; } // nothing has changed
  if (!answer.ok) { offline.hidden = false; return; }
  const fresh = await answer.text();
  offline.hidden = true;
  if (sending || isBusy()) return;
  const focused = live.contains(document.activeElement) ? document.activeElement.id : "";
  const typed = [...live.querySelectorAll("input[id], select[id]")].map((field) => [field.id, field.value]);
  live.innerHTML = fresh;
  for (const [id, value] of typed) {
    const field = document.getElementById(id);
    if (!field || field.value === value) continue;
    if (field.matches("select") && ![...field.options].some((option) => option.value === value)) continue;
    field.value = value;
  }
  live.dataset.mark = answer.headers.get("ETag") ?? "";
  if (focused) document.getElementById(focused)?.focus();
}

if (live) setInterval(refresh, EVERY);

const scan = document.querySelector("[data-scan]");
if (scan && "BarcodeDetector" in window && navigator.mediaDevices?.getUserMedia) {
  const box = document.querySelector("[data-camera]");
  const refused = document.querySelector("[data-camera-refused]");
  const video = box.querySelector("video");
  const field = document.getElementById("code");
  let stream = null;

  const stop = () => {
    stream?.getTracks().forEach((track) => track.stop());
    stream = null;
    box.hidden = true;
    scan.focus();
  };

  const look = async (detector) => {
    if (!stream) return;
    const [found] = await detector.detect(video).catch(() => []);
    if (!stream) return;
    if (found) {
      field.value = found.rawValue;
      stop();
      field.form.requestSubmit();
      return;
    }
    setTimeout(look, 200, detector);
  };

  scan.hidden = false;
  scan.addEventListener("click", async () => {
    refused.hidden = true;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    } catch {
      refused.hidden = false;
      return;
    }
    box.hidden = false;
    video.srcObject = stream;
    await video.play();
    document.querySelector("[data-scan-stop]").focus();
    look(new BarcodeDetector({ formats: ["qr_code"] }));
  });
  document.querySelector("[data-scan-stop]").addEventListener("click", stop);
  document.addEventListener("keydown", (event) => { if (event.key === "Escape" && stream) stop(); });
}
