// Asks that Lighthouse gives 100 for everything it scores, and weighs a first visit: node lighthouse.mjs http://127.0.0.1:8000
//
// The address is that of a production server with the example on it. Accessibility, best practices and SEO come out the
// same in every run. Performance does not, so that its median of three runs counts: two runs of 100 make it 100.
//
// A phone is a desk slowed down four times, which Lighthouse means for a machine whose benchmark is 1,500 to 2,000. One
// that has less, such as one that is busy, is slowed down less, as Lighthouse's page on throttling says; never one more.
import { launch } from 'chrome-launcher';
import lighthouse, { desktopConfig } from 'lighthouse';

const PAGES = ['/', '/publications/', '/publications/situational-awareness-dataset/'];
const FORMS = { mobile, desktop: () => desktopConfig };
const ALL = ['performance', 'accessibility', 'best-practices', 'seo'];
const RUNS = 3;
const FIRST_VISIT = 60_000; // bytes of the home page and all that comes with it but its pictures
const FLAGS = ['--headless', '--no-sandbox', '--disable-gpu']; // without a sandbox: continuous integration runs as root

const SLOWDOWN = 4;
const FAST_ENOUGH = 1500;
let benchmark = FAST_ENOUGH; // of the run before

function mobile() {
  const cpuSlowdownMultiplier = Math.max(1, Math.min(SLOWDOWN, (SLOWDOWN * benchmark) / FAST_ENOUGH));
  return { extends: 'lighthouse:default', settings: { throttling: { cpuSlowdownMultiplier } } };
}

// One run, in a browser of its own, which remembers nothing. One that a busy machine cannot record is repeated once.
async function run(url, form, onlyCategories, isRepeated = false) {
  const chrome = await launch({ chromePath: process.env.CHROME_PATH ?? '/usr/bin/chromium', chromeFlags: FLAGS });
  try {
    const flags = { port: chrome.port, onlyCategories, disableFullPageScreenshot: true, logLevel: 'silent' };
    const { lhr } = await lighthouse(url, flags, FORMS[form]());
    if (!lhr.runtimeError) {
      benchmark = lhr.environment.benchmarkIndex;
      return lhr;
    }
    if (isRepeated) throw new Error(`${url}: ${lhr.runtimeError.message}`);
  } finally {
    await chrome.kill();
  }
  return run(url, form, onlyCategories, true);
}

// Bytes on the wire of a first visit, without its pictures.
function weight(lhr) {
  const requests = lhr.audits['network-requests'].details.items.filter(item => item.resourceType !== 'Image');
  return requests.reduce((sum, request) => sum + request.transferSize, 0);
}

const score = (lhr, category) => Math.round(lhr.categories[category].score * 100);

function shortcomings(lhr, category) {
  const audits = lhr.categories[category].auditRefs.filter(ref => ref.weight > 0).map(ref => lhr.audits[ref.id]);
  return audits
    .filter(audit => audit.score !== null && audit.score < 1)
    .map(audit => `    ${audit.title} (${audit.id}) ${audit.displayValue ?? ''}`);
}

async function judge(url, form) {
  const runs = [await run(url, form, ALL)];
  const perfect = () => runs.filter(lhr => score(lhr, 'performance') === 100).length;
  while (runs.length < RUNS && perfect() <= RUNS / 2) runs.push(await run(url, form, ['performance']));
  runs.sort((a, b) => score(a, 'performance') - score(b, 'performance'));
  const median = runs[1]; // of two runs, too: both are 100 then
  const stable = runs.find(lhr => lhr.categories.seo);
  return ALL.map(category => [category, category === 'performance' ? median : stable]);
}

const site = process.argv[2];
for (const form of Object.keys(FORMS)) {
  for (const page of PAGES) {
    const verdict = await judge(site + page, form);
    const scores = verdict.map(([category, lhr]) => `${category} ${score(lhr, category)}`);
    const bytes = weight(verdict[0][1]);
    console.log(`${form} ${page} ${scores.join(', ')} (benchmark ${Math.round(benchmark)}), ${bytes} bytes without pictures`);
    if (page === '/' && !(bytes > 0 && bytes < FIRST_VISIT)) {
      console.log(`  A first visit may take ${FIRST_VISIT} bytes.`);
      process.exitCode = 1;
    }
    for (const [category, lhr] of verdict) {
      if (score(lhr, category) === 100) continue;
      console.log([`  ${category} is not 100:`, ...shortcomings(lhr, category)].join('\n'));
      process.exitCode = 1;
    }
  }
}
