// Tests of the reports in a browser. `tests/integration/report.rs` writes the pages and runs this.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const PAGES = process.env.PAGES;
const HOSTILE = "<script>alert(1)</script>";
const PHONE = { width: 360, height: 780 };

let browser;

before(async () => {
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium" });
});

after(() => browser?.close());

// Opens a page, and fails the test if the browser reports an error or makes a request.
const open = async (t, name, options = {}) => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  const complaints = [];
  const address = pathToFileURL(join(PAGES, name)).href;
  page.on("console", (message) => complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("dialog", (dialog) => complaints.push(`dialog: ${dialog.message()}`));
  page.on("request", (request) => request.url() === address || complaints.push(`request: ${request.url()}`));
  t.after(async () => {
    await context.close();
    assert.deepEqual(complaints, []);
  });
  await page.goto(address);
  return page;
};

const names = (page) => page.locator("table.rows tbody tr:visible .name").allTextContents();
const shown = (page) => page.locator(".shown").textContent();
const scrollsSideways = (page) => page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);

// Lists the texts whose contrast with their background is less than 4.5:1.
const pale = (page) =>
  page.evaluate(() => {
    const parse = (color) => color.match(/[\d.]+/g).map(Number);
    const luminance = ([r, g, b]) => {
      const [x, y, z] = [r, g, b].map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
      return 0.2126 * x + 0.7152 * y + 0.0722 * z;
    };
    const ground = (element) => {
      for (let at = element; at; at = at.parentElement) {
        const color = parse(getComputedStyle(at).backgroundColor);
        if (color.length === 3 || color[3] === 1) return color;
      }
      return [255, 255, 255];
    };
    const texts = [...document.querySelectorAll("body *")].filter(
      (element) =>
        element.checkVisibility() &&
        [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim()),
    );
    return texts
      .map((element) => {
        const style = getComputedStyle(element);
        const color = parse(element.namespaceURI.endsWith("svg") ? style.fill : style.color);
        const [light, dark] = [luminance(color), luminance(ground(element))].sort((a, b) => b - a);
        return { text: element.textContent.trim().slice(0, 40), contrast: (light + 0.05) / (dark + 0.05) };
      })
      .filter(({ contrast }) => contrast < 4.5);
  });

for (const name of ["few.html", "many.html", "none.html", "run.html"]) {
  test(`${name} opens without errors or requests`, async (t) => {
    const page = await open(t, name);
    assert.equal(await page.locator("h1").count(), 1);
  });
}

test("a hostile name is shown as text, and a report of sessions has no links", async (t) => {
  const page = await open(t, "few.html");
  assert.ok((await names(page)).includes(HOSTILE));
  assert.ok((await names(page)).includes("Evil \\u{202e}name\\u{7}"));
  assert.equal(await page.locator("table.rows a").count(), 0);
  assert.equal(await page.getByText("javascript:alert(2)").count(), 0);
});

test("the policy stops a script that is not the page's own", async (t) => {
  const context = await browser.newContext();
  t.after(() => context.close());
  const page = await context.newPage();
  await page.goto(pathToFileURL(join(PAGES, "few.html")).href);
  const ran = await page.evaluate(() => {
    const script = document.createElement("script");
    script.textContent = "window.ran = true";
    document.body.append(script);
    return window.ran === true;
  });
  assert.equal(ran, false);
});

test("searching and filtering work by keyboard alone", async (t) => {
  const page = await open(t, "few.html");
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "Skip to the table");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  await page.keyboard.type("zoe MULLER");
  assert.deepEqual(await names(page), ["Zoë Müller"]);
  assert.equal(await shown(page), "1 of 6 sessions");
  await page.keyboard.press("Control+A");
  await page.keyboard.press("Delete");
  assert.equal((await names(page)).length, 6);
  await page.keyboard.press("Tab");
  await page.keyboard.press("Space");
  const statuses = await page.locator("table.rows tbody tr:visible .badge").allTextContents();
  assert.deepEqual(new Set(statuses), new Set(["Invited"]));
  await page.keyboard.press("Space");
  await page.keyboard.press("Shift+Tab");
  await page.keyboard.type("nobody of that name");
  assert.equal(await shown(page), "None of 6 sessions match");
});

test("sorting works by keyboard alone, is announced, and puts empty cells last", async (t) => {
  const page = await open(t, "few.html");
  const head = page.locator("thead th", { hasText: "Time taken" });
  await head.locator("button").focus();
  await page.keyboard.press("Enter");
  assert.equal(await head.getAttribute("aria-sort"), "ascending");
  assert.deepEqual((await names(page)).slice(0, 2), ["Zoë Müller", HOSTILE]);
  await page.keyboard.press("Enter");
  assert.equal(await head.getAttribute("aria-sort"), "descending");
  assert.deepEqual((await names(page)).slice(0, 2), [HOSTILE, "Zoë Müller"]);
  assert.equal(await page.locator("th[aria-sort]").count(), 1);
});

test("thousands of rows appear a hundred at a time, and the focus stays in place", async (t) => {
  const page = await open(t, "many.html");
  assert.equal((await names(page)).length, 100);
  assert.equal(await shown(page), "5,000 sessions, the first 100 shown");
  await page.getByRole("button", { name: "Show 100 more" }).click();
  assert.equal((await names(page)).length, 200);
  await page.getByRole("button", { name: "Show all" }).focus();
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement.rowIndex), 201);
  await page.getByRole("searchbox").fill("candidate 4321");
  assert.deepEqual(await names(page), ["Candidate 4321"]);
});

test("without scripts, every row is shown, and no controls", async (t) => {
  const page = await open(t, "few.html", { javaScriptEnabled: false });
  assert.equal((await names(page)).length, 6);
  assert.equal(await page.locator("button:visible, input:visible").count(), 0);
});

for (const colorScheme of ["light", "dark"]) {
  for (const name of ["few.html", "none.html", "run.html"]) {
    test(`every text of ${name} is readable in ${colorScheme} mode`, async (t) => {
      const page = await open(t, name, { colorScheme });
      assert.deepEqual(await pale(page), []);
    });
  }
}

test("dark mode is dark", async (t) => {
  const page = await open(t, "few.html", { colorScheme: "dark" });
  const ground = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  assert.equal(ground, "rgb(16, 20, 26)");
});

for (const name of ["few.html", "many.html", "none.html", "run.html"]) {
  test(`${name} fits a phone`, async (t) => {
    const page = await open(t, name, { viewport: PHONE });
    assert.equal(await scrollsSideways(page), false);
    const outside = await page.evaluate(() =>
      [...document.querySelectorAll("main *")]
        .filter((element) => element.checkVisibility() && !element.closest(".unseen"))
        .filter((element) => element.getBoundingClientRect().right > window.innerWidth)
        .map((element) => element.outerHTML.slice(0, 80)),
    );
    assert.deepEqual(outside, []);
  });
}

test("printing shows all found rows and no controls", async (t) => {
  const page = await open(t, "many.html");
  await page.getByRole("searchbox").fill("candidate 43");
  const found = await page.locator("table.rows tbody tr:not([hidden])").count();
  assert.ok(found > 100);
  await page.emulateMedia({ media: "print", colorScheme: "dark" });
  assert.equal((await names(page)).length, found);
  assert.equal(await page.locator("form.controls:visible, .more:visible").count(), 0);
  const ground = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  assert.equal(ground, "rgb(255, 255, 255)");
});

test("headings are in order, and tables and charts have descriptions", async (t) => {
  const page = await open(t, "few.html");
  const levels = await page.locator("h1, h2, h3").evaluateAll((all) => all.map((heading) => heading.tagName));
  assert.equal(levels[0], "H1");
  assert.deepEqual(new Set(levels.slice(1)), new Set(["H2"]));
  assert.deepEqual(
    await page.locator("table").evaluateAll((all) => all.filter((table) => !table.caption).length),
    0,
  );
  for (const landmark of ["banner", "main", "contentinfo", "search"]) {
    assert.equal(await page.getByRole(landmark).count(), 1, landmark);
  }
  const charts = await page.getByRole("img").evaluateAll((all) => all.map((chart) => chart.getAttribute("aria-label")));
  assert.ok(charts.length >= 3);
  assert.match(charts[0], /^Mon 2 Feb, 11:00: 1 submission; Tue 3 Feb, 12:00: 1 submission$/);
});
