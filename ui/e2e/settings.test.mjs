// Settings by hand: secrets that are shown once, roles with their effect, routes with a test, an own framework, reports.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from './cases.mjs';

const who = (world) => ({ storage: world.alice ?? world.admin });

test('an API token is shown once, works, and can be revoked', ['site', 'admin'], async (world) => {
  const one = await world.person(who(world));
  const { page } = one;
  await page.goto('/settings/tokens');
  await page.getByRole('button', { name: 'New token' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name', { exact: true }).fill('browser test');
  await dialog.getByLabel('Role', { exact: true }).selectOption('viewer');
  await dialog.getByLabel('Clusters').fill('shop');
  await dialog.getByRole('button', { name: 'Make the token' }).click();
  await page.getByRole('heading', { name: 'Copy the token now' }).waitFor();
  const token = (await dialog.getByRole('group', { name: 'Token' }).textContent()).trim();
  assert.match(token, /^rmp_\S{16,}$/);
  if (world.plane) {
    const headers = { authorization: `Bearer ${token}` };
    const clusters = await world.plane.call('GET', '/api/v1/clusters', { headers });
    assert.deepEqual(clusters.json().items.map(({ name }) => name), ['shop']);
    assert.equal((await world.plane.call('GET', '/api/v1/identity', { headers })).status, 403);
  }
  await dialog.getByRole('button', { name: 'I have it' }).click();
  await dialog.waitFor({ state: 'hidden' });
  assert.ok(!(await page.content()).includes(token), 'the secret left the page');
  await page.reload();
  const row = page.getByRole('row', { name: /browser test/ });
  await row.waitFor();
  assert.ok(!(await page.content()).includes(token));
  await row.getByRole('button', { name: /^Revoke/ }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
  await page.getByText('browser test was revoked').waitFor();
  if (world.plane) assert.equal((await world.plane.call('GET', '/api/v1/clusters', { headers: { authorization: `Bearer ${token}` } })).status, 401);
  assert.deepEqual(one.complaints, []);
  await one.close();
});

test('roles: the effect is shown before saving, versions can be taken up again', ['site', 'admin'], async (world) => {
  const one = await world.person(who(world));
  const { page } = one;
  await page.goto('/settings/roles');
  await page.getByRole('heading', { name: 'Groups' }).waitFor();
  const before = await page.locator('fieldset.group').count();
  await page.getByRole('button', { name: 'Group', exact: true }).click();
  const added = page.locator('fieldset.group').last();
  await added.getByLabel('Group', { exact: true }).fill('night-watch');
  await added.getByLabel('Role', { exact: true }).selectOption('auditor');
  await added.getByLabel('Clusters', { exact: true }).fill('shop, leg*');
  await page.getByRole('button', { name: 'Review and save' }).click();
  const effect = page.getByRole('dialog', { name: 'What this changes' });
  await effect.getByRole('button', { name: 'Save' }).click();
  await page.getByText('The roles were saved').waitFor();
  await page.reload();
  await page.getByRole('heading', { name: 'Groups' }).waitFor();
  assert.equal(await page.locator('fieldset.group').count(), before + 1);
  assert.equal(await page.locator('fieldset.group').last().getByLabel('Clusters', { exact: true }).inputValue(), 'shop, leg*');

  // Back to the version before, as an edit of its own.
  await page.getByRole('button', { name: 'Versions' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Edit from this one' }).first().click();
  assert.equal(await page.locator('fieldset.group').count(), before);
  await page.getByRole('button', { name: 'Review and save' }).click();
  await page.getByRole('dialog', { name: 'What this changes' }).getByRole('button', { name: 'Save' }).click();
  await page.getByText('The roles were saved').waitFor();
  assert.deepEqual(one.complaints, []);
  await one.close();
});

test('roles: an older page cannot overwrite a newer version', ['site', 'admin'], async (world) => {
  const [first, second] = [await world.person(who(world)), await world.person(who(world))];
  for (const one of [first, second]) {
    await one.page.goto('/settings/roles');
    await one.page.getByRole('heading', { name: 'Groups' }).waitFor();
  }
  const save = async (page, group) => {
    await page.getByRole('button', { name: 'Group', exact: true }).click();
    await page.locator('fieldset.group').last().getByLabel('Group', { exact: true }).fill(group);
    await page.getByRole('button', { name: 'Review and save' }).click();
    await page.getByRole('dialog', { name: 'What this changes' }).getByRole('button', { name: 'Save' }).click();
  };
  await save(first.page, 'first');
  await first.page.getByText('The roles were saved').waitFor();
  await save(second.page, 'second');
  await second.page.getByText('Somebody else saved a newer version').waitFor();
  for (const one of [first, second]) await one.close();
});

test('a route of notifications is made, tested, changed and removed', ['site', 'admin'], async (world) => {
  const one = await world.person(who(world));
  const { page } = one;
  await page.goto('/settings/notifications');
  await page.getByRole('button', { name: 'New route' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name', { exact: true }).fill('browser test route');
  await dialog.getByLabel('Address').fill('https://nobody-listens.invalid/hook');
  await dialog.getByLabel('Signing secret').fill('a secret that is never shown');
  await dialog.getByLabel('RBAC').check();
  await dialog.getByRole('button', { name: 'Save' }).click();
  await page.getByText('browser test route was saved').waitFor();
  const row = page.getByRole('row', { name: /browser test route/ });
  await row.getByRole('button', { name: 'Send a test' }).click();
  // Nobody listens there: the page says so instead of pretending.
  await page.locator('.toast.bad', { hasText: 'browser test route' }).waitFor({ timeout: 30_000 });
  await row.getByRole('button', { name: /^Edit/ }).click();
  assert.equal(await dialog.getByLabel('Signing secret').inputValue(), '');
  assert.equal(await dialog.getByLabel('RBAC').isChecked(), true);
  await dialog.getByLabel('Send').uncheck();
  await dialog.getByRole('button', { name: 'Save' }).click();
  await row.getByText('Off').waitFor();
  await row.getByRole('button', { name: /^Remove/ }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await row.waitFor({ state: 'detached' });
  assert.deepEqual(one.complaints, []);
  await one.close();
});

test('an own framework is added, shown and removed', ['site', 'admin'], async (world) => {
  const one = await world.person(who(world));
  const { page } = one;
  await page.goto('/frameworks');
  await page.getByRole('button', { name: 'Own framework' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Content').fill('title: no id');
  await dialog.getByRole('button', { name: 'Add' }).click();
  await dialog.getByRole('alert').waitFor();
  await dialog.getByRole('button', { name: 'Fill in an example' }).click();
  await dialog.getByRole('button', { name: 'Add' }).click();
  await page.getByRole('link', { name: 'Acme baseline' }).click();
  await page.getByRole('heading', { name: 'Not assessable here' }).waitFor();
  await page.getByText('Clusters are rebuilt each quarter').waitFor();
  await page.goto('/frameworks');
  await page.getByRole('button', { name: 'Remove Acme baseline' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await page.getByRole('link', { name: 'Acme baseline' }).waitFor({ state: 'detached' });
  assert.deepEqual(one.complaints, []);
  await one.close();
});

test('every format of report downloads', ['site', 'admin'], async (world) => {
  const one = await world.person(who(world));
  const { page } = one;
  await page.goto('/reports');
  const links = page.locator('a.format');
  await links.first().waitFor();
  const count = await links.count();
  assert.ok(count >= 5, `${count} formats`);
  for (let at = 0; at < count; at += 1) {
    const name = await links.nth(at).locator('strong').textContent();
    const [download] = await Promise.all([page.waitForEvent('download', { timeout: 60_000 }), links.nth(at).click()]);
    const content = await readFile(await download.path().catch((error) => assert.fail(`${name}: ${error.message}: ${download.url()}`)));
    assert.ok(content.length > 10, `${name}: ${content.length} bytes`);
    assert.doesNotMatch(content.subarray(0, 40).toString(), /^\{"error"/, name);
    if (world.plane && /pdf/i.test(name)) assert.equal(content.subarray(0, 5).toString(), '%PDF-', name);
    // Chromium silently drops what a page downloads beyond ten in a second.
    await page.waitForTimeout(150);
  }
  assert.deepEqual(one.complaints, []);
  await one.close();
});

test('a report is made by the clock, until its schedule is removed', ['site', 'admin'], async (world) => {
  const one = await world.person(who(world));
  const { page } = one;
  await page.goto('/reports');
  await page.getByRole('button', { name: 'New schedule' }).click();
  await page.getByRole('dialog').getByLabel('When').selectOption('monthly');
  await page.getByRole('dialog').getByRole('button', { name: 'Make the schedule' }).click();
  await page.getByText('The schedule was made').waitFor();
  const row = page.getByRole('row', { name: /On the first of each month/ });
  await row.waitFor();
  await row.getByRole('button', { name: /^Remove/ }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await row.waitFor({ state: 'detached' });
  assert.deepEqual(one.complaints, []);
  await one.close();
});

test('the command line is approved in the browser', ['site', 'admin'], async (world) => {
  const one = await world.person(who(world));
  const { page } = one;
  let code = 'ABCD-EFGH';
  let device;
  if (world.plane) {
    const asked = await world.plane.call('POST', '/api/v1/auth/device', { body: {} });
    assert.equal(asked.status, 200);
    device = asked.json();
    code = device.userCode;
    const early = await world.plane.call('POST', '/api/v1/auth/device/token', { body: { deviceCode: device.deviceCode } });
    assert.equal(early.status, 428);
  }
  await page.goto(`/device?code=${code}`);
  assert.equal(await page.getByLabel('Code').inputValue(), code);
  await page.getByRole('button', { name: 'Approve' }).click();
  await page.getByText('The command line is signed in').waitFor();
  if (device) {
    await new Promise((resolve) => setTimeout(resolve, (device.interval + 1) * 1000));
    const got = await world.plane.call('POST', '/api/v1/auth/device/token', { body: { deviceCode: device.deviceCode } });
    assert.equal(got.status, 200);
    const session = await world.plane.call('GET', '/api/v1/session', { headers: { authorization: `Bearer ${got.json().token}` } });
    assert.equal(session.status, 200);
  }
  assert.deepEqual(one.complaints, []);
  await one.close();
});
