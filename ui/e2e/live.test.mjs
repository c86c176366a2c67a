// A manifest changes in the folder of a cluster; the page that is open shows it without a reload.
import assert from 'node:assert/strict';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from './cases.mjs';

const POD = `apiVersion: v1
kind: Pod
metadata: {name: browser-test-intruder, namespace: default}
spec:
  hostNetwork: true
  containers:
  - name: shell
    image: busybox
    securityContext: {privileged: true}
`;

test('a changed manifest shows by itself', ['plane', 'admin'], async (world) => {
  const file = join(world.plane.clusters, 'shop', 'browser-test-intruder.yaml');
  const one = await world.person({ storage: world.alice ?? world.admin });
  const { page } = one;
  await page.goto('/findings?q=browser-test-intruder');
  await page.getByText('Live', { exact: true }).waitFor();
  await page.getByText(/No open findings|No finding/).first().waitFor();
  let reloads = 0;
  page.on('framenavigated', () => {
    reloads += 1;
  });
  const began = Date.now();
  await writeFile(file, POD);
  await page.locator('main tbody a[href^="/findings/shop/"]').first().waitFor({ timeout: 30_000 });
  const seen = Date.now() - began;
  const home = await world.person({ storage: world.alice ?? world.admin });
  await home.page.goto('/');
  await home.page.getByText('browser-test-intruder').first().waitFor();
  await home.close();

  await rm(file);
  await page.locator('main tbody a[href^="/findings/shop/"]').first().waitFor({ state: 'detached', timeout: 30_000 });
  assert.equal(reloads, 0, 'the page was not loaded again');
  assert.deepEqual(one.complaints, []);
  await one.close();
  console.log(`         a new manifest was on the open page after ${(seen / 1000).toFixed(1)} s`);
  assert.ok(seen < 15_000, `it took ${seen} ms`);
});

test('live change in the mock', ['mock'], async (world) => {
  const one = await world.person();
  await one.page.goto('/waivers');
  const card = one.page.getByRole('article').filter({ hasText: 'node exporter' });
  await card.waitFor();
  const other = await world.person();
  await other.page.goto('/waivers');
  await other.page.getByRole('article').filter({ hasText: 'node exporter' }).getByRole('button', { name: 'Approve' }).click();
  await other.page.getByRole('dialog').getByRole('button', { name: 'Approve' }).click();
  await card.waitFor({ state: 'detached' });
  for (const each of [one, other]) {
    assert.deepEqual(each.complaints, []);
    await each.close();
  }
});
