// Measures the web app on the real program in headless Chromium, and beside it a
// page that only draws the same rows: what no app could be quicker than.
//
//   make bench-web [ROWS=100000]
//
// Prints one line for each figure: what, the median, and what it may be at most.

import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { chromium } from "playwright-core";

const rows = Number(process.env.ROWS ?? 100_000);
const rounds = Number(process.env.ROUNDS ?? 9);
const cards = 500;

const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];
const say = (what, value, unit, most) =>
  process.stdout.write(`${what.padEnd(52)} ${value.toFixed(1).padStart(9)} ${unit.padEnd(4)} at most ${most}\n`);

const dir = mkdtempSync(join(tmpdir(), "threadline-bench-"));
const run = spawn(process.env.THREADLINE_BIN, ["demo", "--listen", "127.0.0.1:0", "--mails", "0"], {
  env: { ...process.env, TMPDIR: dir },
  stdio: ["ignore", "pipe", "pipe"],
});
const link = new Promise((told) => {
  createInterface({ input: run.stderr }).on("line", (line) => /\/sign-in#/.test(line) && told(line.trim()));
});
const { url } = JSON.parse(await new Promise((told) => createInterface({ input: run.stdout }).once("line", told)));
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox"],
});
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, locale: "en-GB" });
  await page.goto(await link);
  await page.getByRole("heading", { name: "My day" }).waitFor();
  await fill(page, "contacts", [
    "Name,Email",
    ...Array.from({ length: rows }, (_, i) => `Person ${i},p${i}@b${i % 997}.example`),
  ]);
  await fill(page, "deals", ["Name,Amount", ...Array.from({ length: cards }, (_, i) => `Deal ${i},${1000 + i}`)]);
  say("first load, script as it is sent", await firstLoad(page), "KiB", 260);
  say("  a page of 200 rows that does nothing else", await baseline(200), "ms", "-");
  say("to a table of 200 rows, warm", await warm(page, "/contacts", '[role="row"][aria-rowindex]'), "ms", 150);
  say(`to a board of ${cards} cards, warm`, await warm(page, "/board/sales", "article"), "ms", 250);
  const scrolled = await scroll(page);
  say("longest task while a table is scrolled", scrolled.longest, "ms", 50);
  say("  what it took of a processor", scrolled.worked, "ms", "-");
  say("  the same rows in a page that does nothing else", await baselineScroll(), "ms", "-");
  say("from a key to what search found", await search(page), "ms", 100);
} finally {
  await browser.close();
  run.once("exit", () => rmSync(dir, { recursive: true, force: true }));
  run.kill("SIGTERM");
}

// fill imports a file and waits until it is in.
async function fill(page, folder, lines) {
  const done = await page.evaluate(
    async ([folder, text]) => {
      const ask = async (path, init) => (await fetch(path, init)).json();
      const csv = { method: "POST", headers: { "content-type": "text/csv" }, body: text };
      const { id } = await ask(`/api/v1/imports?folder=${folder}`, csv);
      const until = async (stage) => {
        for (;;) {
          const now = await ask(`/api/v1/imports/${id}`);
          if (now.stage === stage || now.state === "failed") return now;
          await new Promise((wait) => setTimeout(wait, 500));
        }
      };
      await ask(`/api/v1/imports/${id}/plan`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: "{}",
      });
      await until("planned");
      await ask(`/api/v1/imports/${id}/apply`, { method: "POST" });
      return until("applied");
    },
    [folder, lines.join("\n")],
  );
  if (done.state !== "done") throw new Error(`${folder} did not come in: ${done.msg}`);
}

// firstLoad adds up the scripts that a first look asks for, as they are sent.
async function firstLoad(page) {
  const fresh = await browser.newContext({ storageState: await page.context().storageState() });
  const at = await fresh.newPage();
  const cdp = await fresh.newCDPSession(at);
  await cdp.send("Network.enable");
  const scripts = new Set();
  let bytes = 0;
  cdp.on("Network.responseReceived", ({ requestId, type }) => type === "Script" && scripts.add(requestId));
  cdp.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
    if (scripts.has(requestId)) bytes += encodedDataLength;
  });
  await at.goto(url);
  await at.getByRole("heading", { name: "My day" }).waitFor();
  await at.waitForLoadState("networkidle").catch(() => {}); // the stream of changes stays open
  await fresh.close();
  return bytes / 1024;
}

// baseline draws rows without any library and waits for one frame.
async function baseline(n) {
  const page = await browser.newPage();
  const times = [];
  for (let i = 0; i < rounds; i++) {
    times.push(
      await page.evaluate(async (n) => {
        const from = performance.now();
        const html = Array.from({ length: n }, (_, i) => `<tr><td>Person ${i}<td>p${i}@b.example<td>-<td>-<td>-<td>-`);
        document.body.innerHTML = `<table>${html.join("")}</table>`;
        await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
        return performance.now() - from;
      }, n),
    );
  }
  await page.close();
  return median(times);
}

// warm goes from one screen to another and waits until it is drawn.
async function warm(page, href, wanted) {
  const times = [];
  for (let i = 0; i <= rounds; i++) {
    await page.evaluate(() => history.pushState(null, "", "/"));
    await page.getByRole("heading", { name: "My day" }).waitFor();
    const took = await page.evaluate(
      async ([href, wanted]) => {
        const from = performance.now();
        history.pushState(null, "", href);
        const frame = () => new Promise((drawn) => requestAnimationFrame(drawn));
        while (document.querySelectorAll(wanted).length < 10) await frame();
        await frame();
        return performance.now() - from;
      },
      [href, wanted],
    );
    if (i > 0) times.push(took); // the first one loads the screen
  }
  return median(times);
}

// scroll goes down a table, page after page, and keeps the longest task: as it was
// waited for, and what it took of a processor, which others on the machine do not
// lengthen.
async function scroll(page) {
  await page.goto(`${url}/contacts`);
  await page.locator('[role="gridcell"]').first().waitFor();
  await browser.startTracing(page, { categories: ["toplevel"] });
  const longest = await page.evaluate(down, '[role="grid"]');
  const { traceEvents } = JSON.parse(String(await browser.stopTracing()));
  const mains = traceEvents.filter(({ name, args }) => name === "thread_name" && args.name === "CrRendererMain");
  const threads = new Set(mains.map(({ pid, tid }) => `${pid} ${tid}`));
  const tasks = traceEvents.filter(({ name, pid, tid }) => /RunTask$/.test(name) && threads.has(`${pid} ${tid}`));
  return { longest, worked: Math.max(...tasks.map(({ tdur }) => tdur ?? 0)) / 1000 };
}

// baselineScroll goes down as many rows that are all there.
async function baselineScroll() {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await page.setContent(`<div id="rows" style="block-size: 700px; overflow: auto"></div>`);
  await page.evaluate((n) => {
    const row = (i) => `<div style="block-size: 38px">Person ${i} p${i}@b.example</div>`;
    document.getElementById("rows").innerHTML = Array.from({ length: n }, (_, i) => row(i)).join("");
    document.body.getBoundingClientRect();
  }, 6500);
  const longest = await page.evaluate(down, "#rows");
  await page.close();
  return longest;
}

// down runs in the page.
async function down(wanted) {
  let longest = 0;
  new PerformanceObserver((list) => {
    for (const task of list.getEntries()) longest = Math.max(longest, task.duration);
  }).observe({ entryTypes: ["longtask"] });
  const box = document.querySelector(wanted);
  for (let i = 0; i < 600; i++) {
    box.scrollTop += 400;
    await new Promise((drawn) => requestAnimationFrame(drawn));
  }
  await new Promise((wait) => setTimeout(wait, 500));
  return longest;
}

async function search(page) {
  await page.goto(url);
  await page.getByRole("heading", { name: "My day" }).waitFor();
  await page.keyboard.press("Control+k");
  const line = page.getByRole("combobox", { name: "Search" });
  await line.waitFor();
  const times = [];
  for (let i = 0; i < rounds; i++) {
    const name = `Person ${(i + 1) * 7}`;
    await line.fill("");
    const from = performance.now();
    await line.fill(name);
    await page.getByRole("option").filter({ hasText: name }).first().waitFor();
    times.push(performance.now() - from);
  }
  return median(times);
}
