// The end of a waiver: the plane is started again two days later (libfaketime), and the finding is open again. A browser session
// would be over by then, so the person comes with an API token.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { skip, test } from './cases.mjs';

const LIBRARY = ['/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1', '/usr/lib/aarch64-linux-gnu/faketime/libfaketime.so.1'].find((file) => existsSync(file));

test('a waiver ends by itself and the finding is open again', ['plane', 'alice', 'waived'], async (world) => {
  if (!LIBRARY) skip('needs libfaketime (apt-get install faketime)');
  const one = await world.person({ storage: world.alice });
  await one.page.goto('/settings/tokens');
  await one.page.getByRole('button', { name: 'New token' }).click();
  const dialog = one.page.getByRole('dialog');
  await dialog.getByLabel('Name', { exact: true }).fill('in two days');
  await dialog.getByRole('button', { name: 'Make the token' }).click();
  const token = (await dialog.getByRole('group', { name: 'Token' }).textContent()).trim();
  assert.match(token, /^rmp_/);
  await one.close();

  world.plane.environment = { ...world.plane.environment, LD_PRELOAD: LIBRARY, FAKETIME: '+2d', FAKETIME_DONT_FAKE_MONOTONIC: '1', DONT_FAKE_MONOTONIC: '1' };
  await world.plane.restart();
  const later = await world.person({ headers: { authorization: `Bearer ${token}` } });
  await later.page.goto('/waivers?state=expired');
  await later.page.getByRole('article').filter({ hasText: 'Accepted in the browser test' }).waitFor({ timeout: 30_000 });
  await later.page.goto(world.waived);
  await later.page.getByText('Open', { exact: true }).first().waitFor({ timeout: 30_000 });
  await later.close();
});
