// Debian's Chromium by playwright-core: one browser for the run, a fresh context (cookies, storage) for each person of a test.
import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';

const FLAGS = [
  '--no-sandbox', // the tests may run as root
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** The browser's program, or null when the machine has none. */
export function program() {
  const places = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
  return places.find((place) => place && existsSync(place)) ?? null;
}

export async function open(executablePath) {
  // headless=new is what the flag says; playwright's own `headless: true` asks for a shell that Debian does not ship.
  return chromium.launch({ executablePath, headless: true, args: ['--headless=new', ...FLAGS], ignoreDefaultArgs: ['--headless', '--headless=old'] });
}

/** A person at a browser: what the page complains of is kept, so that a test can say that nobody complained. */
export async function person(browser, base, { width = 1280, height = 900, scheme = 'light', storage, headers } = {}) {
  const context = await browser.newContext({
    baseURL: base,
    ignoreHTTPSErrors: true, // the plane makes its own CA at its first start
    viewport: { width, height },
    colorScheme: scheme,
    reducedMotion: 'reduce',
    storageState: storage,
    extraHTTPHeaders: headers,
    locale: 'en-GB',
    timezoneId: 'UTC',
  });
  context.setDefaultTimeout(15_000);
  const page = await context.newPage();
  const complaints = [];
  page.on('pageerror', (error) => complaints.push(`error: ${error.message}`));
  page.on('console', (message) => {
    // A refused call is logged by the browser itself; the tests ask for some on purpose. CSP violations and script errors stay.
    if (message.type() === 'error' && !/Failed to load resource/.test(message.text())) complaints.push(message.text());
  });
  return { context, page, complaints, close: () => context.close() };
}
