// Without a mouse, in the dark, and with names that are hostile.
import assert from 'node:assert/strict';
import { test } from './cases.mjs';

const who = (world) => ({ storage: world.alice ?? world.admin });

test('dark mode: as the system says, by choice, and remembered', ['site', 'admin'], async (world) => {
  const paper = (page) => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const dark = await world.person({ ...who(world), scheme: 'dark' });
  await dark.page.goto('/rules');
  await dark.page.getByRole('heading', { name: 'Rules', level: 1 }).waitFor();
  const night = await paper(dark.page);
  await dark.close();
  const one = await world.person(who(world));
  await one.page.goto('/rules');
  await one.page.getByRole('heading', { name: 'Rules', level: 1 }).waitFor();
  const day = await paper(one.page);
  assert.notEqual(day, night);
  await one.page.getByRole('button', { name: 'Theme: as the system' }).click();
  await one.page.getByRole('button', { name: 'Theme: light' }).click();
  await one.page.getByRole('button', { name: 'Theme: dark' }).waitFor();
  // The label changes a moment before the colours do.
  await one.page.waitForFunction((wanted) => getComputedStyle(document.body).backgroundColor === wanted, night);
  await one.page.reload();
  await one.page.getByRole('heading', { name: 'Rules', level: 1 }).waitFor();
  assert.equal(await paper(one.page), night);
  assert.deepEqual(one.complaints, []);
  await one.close();
});

test('by keyboard: places, search, help, dialogs', ['site', 'admin'], async (world) => {
  const one = await world.person(who(world));
  const { page } = one;
  await page.goto('/');
  await page.getByRole('heading', { name: 'The fifteen controls' }).waitFor();
  await page.keyboard.press('g');
  await page.keyboard.press('w');
  await page.getByRole('heading', { name: 'Waivers', level: 1 }).waitFor();
  assert.equal(await page.evaluate(() => document.activeElement?.tagName), 'H1', 'the new view is announced by its heading');
  await page.getByRole('tab', { name: 'Requested' }).focus();
  await page.keyboard.press('ArrowRight');
  await page.waitForURL('**/waivers?state=approved');
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor({ state: 'hidden' });
  await page.goto('/rules');
  await page.locator('main tr[data-row]').first().waitFor();
  await page.keyboard.press('/');
  await page.keyboard.type('privileged');
  await page.waitForURL('**/rules?q=privileged');
  await page.locator('main tr[data-row]').first().focus();
  await page.keyboard.press('Enter');
  await page.waitForURL('**/rules/*/*');
  await page.goto('/settings/tokens');
  await page.getByRole('button', { name: 'New token' }).press('Enter');
  const dialog = page.getByRole('dialog', { name: 'New token' });
  await dialog.waitFor();
  for (let step = 0; step < 12; step += 1) {
    await page.keyboard.press('Tab');
    // The browser's own bars count as a step out; the page behind the dialog must never.
    const inside = await page.evaluate(() => document.activeElement === document.body || Boolean(document.activeElement?.closest('dialog')));
    assert.ok(inside, 'focus stays in the dialog');
  }
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
  assert.equal(await page.evaluate(() => document.activeElement?.textContent?.trim()), 'New token', 'focus returns');
  assert.deepEqual(one.complaints, []);
  await one.close();
});

test('every page is a link: reload and back keep what is shown', ['site', 'admin'], async (world) => {
  const one = await world.person(who(world));
  const { page } = one;
  await page.goto('/rules?severity=critical&q=privileged');
  await page.locator('main tr[data-row]').first().waitFor();
  const count = await page.locator('main tr[data-row]').count();
  await page.reload();
  await page.locator('main tr[data-row]').first().waitFor();
  assert.equal(await page.locator('main tr[data-row]').count(), count);
  await page.locator('main tbody a').first().click();
  await page.waitForURL('**/rules/*/*');
  await page.goBack();
  await page.waitForURL('**/rules?severity=critical&q=privileged');
  assert.equal(await page.getByRole('searchbox', { name: 'Search', exact: true }).inputValue(), 'privileged');
  assert.deepEqual(one.complaints, []);
  await one.close();
});

test('loading, empty and error states', ['mock'], async (world) => {
  const one = await world.person();
  const { page } = one;
  const places = ['/rules', '/waivers', '/reports', '/frameworks', '/trail', '/settings/clusters', '/settings/identity', '/settings/roles', '/settings/tokens', '/settings/notifications', '/findings', '/clusters', '/compliance', '/'];
  await world.play('error');
  for (const place of places) {
    await page.goto(place);
    await page.getByText(/database does not answer/).first().waitFor();
    await page.getByRole('button', { name: 'Try again' }).first().waitFor();
  }
  await world.play('empty');
  for (const place of places) {
    await page.goto(place);
    await page.locator('h1').first().waitFor();
    await page.waitForFunction(() => !document.querySelector('.skeleton'));
    assert.equal(await page.locator('.state.error').count(), 0, place);
  }
  await world.play('slow');
  await page.goto('/waivers');
  await page.getByRole('status').getByText('Signing in').or(page.locator('.skeleton')).first().waitFor();
  await world.play('normal');
  await one.close();
});
