// What must be loaded before the first page can be seen stays under 60 KB in gzip, for each page that may be the first.
import assert from 'node:assert/strict';
import { test } from './cases.mjs';
import { BUDGET, chunks, firstLoad } from './size.mjs';

const kilobytes = (bytes) => `${(bytes / 1024).toFixed(1)} KB`;

test('the first load is under 60 KB gzip', ['dist'], async (world) => {
  const { sizes, total } = firstLoad(world.dist);
  console.log(`         entry: ${kilobytes(total)} gzip in ${sizes.length} files`);
  assert.ok(total < BUDGET, `${kilobytes(total)}: ${sizes.map(({ file, gzip }) => `${file} ${kilobytes(gzip)}`).join(', ')}`);
  const largest = chunks(world.dist).sort((a, b) => b.gzip - a.gzip)[0];
  assert.ok(largest.gzip < BUDGET, `${largest.file} alone is ${kilobytes(largest.gzip)}`);
});

test('what a browser fetches for Home and for sign-in is under 60 KB gzip', ['dist', 'admin'], async (world) => {
  const { gzipSync } = await import('node:zlib');
  for (const [name, address, options] of [['home', '/', { storage: world.alice ?? world.admin }], ['sign-in', '/sign-in', {}]]) {
    const one = await world.person(options);
    let bytes = 0;
    const bodies = [];
    one.page.on('response', (response) => {
      if (/\.(?:js|css|svg)(?:\?|$)/.test(response.url()) || response.request().resourceType() === 'document') bodies.push(response.body().catch(() => Buffer.alloc(0)));
    });
    await one.page.goto(address);
    await one.page.locator('h1').first().waitFor();
    await one.page.waitForLoadState('load');
    for (const body of await Promise.all(bodies)) bytes += gzipSync(body, { level: 9 }).length;
    console.log(`         ${name}: ${kilobytes(bytes)} gzip in ${bodies.length} files`);
    assert.ok(bytes < BUDGET, `${name}: ${kilobytes(bytes)}`);
    await one.close();
  }
});
