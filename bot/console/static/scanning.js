// Reads the QR code of an appointment with the camera. Few browsers have a reader of their own (none on Windows, on
// Linux or on an iPhone): for the others jsQR is fetched when somebody scans for the first time.
const scan = document.querySelector("[data-scan]");
const EVERY_LOOK = 150;
const WIDEST = 720; // pixels; more takes longer and reads no better
const PATIENCE = 12000;

async function ownReader() {
  if (!("BarcodeDetector" in window)) return null;
  const formats = await BarcodeDetector.getSupportedFormats().catch(() => []);
  if (!formats.includes("qr_code")) return null;
  const detector = new BarcodeDetector({ formats: ["qr_code"] });
  return async (video) => (await detector.detect(video))[0]?.rawValue ?? "";
}

function fetchReader(address) {
  return new Promise((done, failed) => {
    const script = document.createElement("script");
    script.src = address;
    script.onload = done;
    script.onerror = failed;
    document.head.append(script);
  });
}

async function fetchedReader(address) {
  if (!("jsQR" in window)) await fetchReader(address);
  const canvas = document.createElement("canvas");
  const paper = canvas.getContext("2d", { willReadFrequently: true });
  return async (video) => {
    const smaller = Math.min(1, WIDEST / video.videoWidth);
    canvas.width = Math.round(video.videoWidth * smaller);
    canvas.height = Math.round(video.videoHeight * smaller);
    if (!canvas.width || !canvas.height) return "";
    paper.drawImage(video, 0, 0, canvas.width, canvas.height);
    const { data } = paper.getImageData(0, 0, canvas.width, canvas.height);
    return jsQR(data, canvas.width, canvas.height)?.data ?? "";
  };
}

if (scan && navigator.mediaDevices?.getUserMedia) {
  const box = document.querySelector("[data-camera]");
  const faults = document.querySelectorAll("[data-camera-fault]");
  const slow = document.querySelector("[data-camera-slow]");
  const video = box.querySelector("video");
  const field = document.getElementById("code");
  let stream = null;

  const stop = (then) => {
    stream?.getTracks().forEach((track) => track.stop());
    stream = null;
    box.hidden = true;
    then.focus();
  };

  const tell = (fault) => { for (const each of faults) each.hidden = each.dataset.cameraFault !== fault; };

  const look = async (read, since) => {
    if (!stream) return;
    const found = await read(video).catch(() => "");
    if (!stream) return;
    if (found) {
      field.value = found;
      stop(field);
      field.form.requestSubmit();
      return;
    }
    slow.hidden = Date.now() - since < PATIENCE;
    setTimeout(look, EVERY_LOOK, read, since);
  };

  const start = async () => {
    tell("");
    let read;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment", width: { ideal: 1280 } } });
      read = (await ownReader()) ?? (await fetchedReader(scan.dataset.scan));
    } catch (error) {
      if (stream) stop(scan);
      tell(["NotFoundError", "NotReadableError", "OverconstrainedError"].includes(error.name) ? "none" : "refused");
      return;
    }
    slow.hidden = true;
    box.hidden = false;
    video.srcObject = stream;
    await video.play();
    document.querySelector("[data-scan-stop]").focus();
    look(read, Date.now());
  };

  scan.hidden = false;
  scan.addEventListener("click", () => { if (!stream) start(); });
  document.querySelector("[data-scan-stop]").addEventListener("click", () => stop(scan));
  document.addEventListener("keydown", (event) => { if (event.key === "Escape" && stream) stop(scan); });
}
