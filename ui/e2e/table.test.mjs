// A hundred thousand rows: all of them loaded, and the table still scrolls. From generated data (the mock's fleet), whatever the
// plane of this run holds.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { person } from './browser.mjs';
import { test } from './cases.mjs';
import { freePort, start, stop, until } from './processes.mjs';

const HERE = new URL('..', import.meta.url).pathname;

test('a table of 100,000 rows scrolls', ['dist'], async (world) => {
  const port = await freePort();
  const base = `http://127.0.0.1:${port}`;
  const vite = start('node', [join(HERE, 'node_modules/vite/bin/vite.js'), 'preview', '--host', '127.0.0.1', '--port', String(port), '--strictPort'], { cwd: HERE, env: { ...process.env, RAMPART_MOCK: 'fleet' } });
  try {
    await until(vite, 'the preview server', () => fetch(base).then(({ ok }) => ok, () => false));
    const { page, close, complaints } = await person(world.browser, base);
    await page.goto('/findings?state=open&state=waived&state=resolved');
    const scroller = page.locator('.datatable-scroller');
    await scroller.locator('tr[data-row]').first().waitFor({ timeout: 60_000 });
    const rows = () => page.locator('.datatable-tools p').first().textContent();
    const loaded = async () => Number((await rows()).replaceAll(',', '').match(/^(\d+)/)?.[1] ?? 0);
    const end = Date.now() + 240_000;
    for (let have = 0; have < 100_000; have = await loaded()) {
      assert.ok(Date.now() < end, `only ${have} rows after four minutes`);
      await scroller.evaluate((element) => element.scrollTo(0, element.scrollHeight));
      await page.waitForTimeout(20);
    }
    const frames = await scroller.evaluate(async (element) => {
      const frame = () => new Promise((resolve) => requestAnimationFrame(() => resolve(performance.now())));
      const times = [];
      let most = 0;
      for (let step = 0; step < 120; step += 1) {
        const before = await frame();
        element.scrollTop = ((step * 7919) % 120) * (element.scrollHeight / 120);
        element.dispatchEvent(new Event('scroll'));
        const after = await frame();
        times.push(after - before);
        most = Math.max(most, element.querySelectorAll('tbody tr').length);
      }
      times.sort((a, b) => a - b);
      return { median: times[60], slowest: times.at(-1), most, drawn: [...element.querySelectorAll('tbody tr[data-row]')].length };
    });
    console.log(`         100,000 rows loaded; a jump takes ${frames.median.toFixed(0)} ms (median), ${frames.slowest.toFixed(0)} ms (slowest); at most ${frames.most} rows are drawn`);
    assert.ok(frames.most < 200, `${frames.most} rows are in the page`);
    assert.ok(frames.drawn > 5, 'rows are drawn where one has jumped to');
    assert.ok(frames.median < 200, `a jump takes ${frames.median} ms`);
    await scroller.locator('tbody tr[data-row]').first().focus();
    await page.keyboard.press('End');
    await page.locator('tr[data-row="99999"]').waitFor();
    assert.deepEqual(complaints, []);
    await close();
  } finally {
    await stop(vite);
  }
});
