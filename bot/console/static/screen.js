// Keeps the waiting room's screen fresh. A network that fails leaves the last numbers where they are.
const EVERY = 3000;

async function refresh() {
  try {
    const answer = await fetch(location.href, { cache: "no-store", headers: { "X-By-Itself": "1" } });
    if (!answer.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const part of ["#numbers", ".clock"]) {
      const mine = document.querySelector(part);
      const theirs = fresh.querySelector(part);
      if (mine && theirs && mine.innerHTML !== theirs.innerHTML) mine.innerHTML = theirs.innerHTML;
    }
  } catch {
    // the next round tries again
  }
}

setInterval(refresh, EVERY);
