// From the matrix to a finding, its waiver, the second person's approval, and the finding shown as waived.
import assert from 'node:assert/strict';
import { test } from './cases.mjs';

test('matrix, control, finding, waiver, approval by a second person, shown as waived', ['plane', 'alice', 'bob'], async (world) => {
  const asking = await world.person({ storage: world.alice });
  const { page } = asking;
  await page.goto('/');
  await page.getByRole('region', { name: 'Cluster layer' }).getByRole('link', { name: 'Pod security' }).click();
  await page.getByRole('heading', { name: 'Pod security', level: 1 }).waitFor();
  await page.locator('section', { has: page.getByRole('heading', { name: 'By rule' }) }).locator('tbody a').first().click();
  await page.getByRole('heading', { name: 'Findings', level: 1 }).waitFor();
  const row = page.locator('main tbody a[href^="/findings/"]').first();
  await row.waitFor();
  await row.click();
  await page.getByRole('heading', { name: 'Evidence' }).waitFor();
  const address = new URL(page.url()).pathname;
  await page.getByText('Open', { exact: true }).first().waitFor();

  await page.getByRole('button', { name: 'Request waiver' }).click();
  const dialog = page.getByRole('dialog', { name: 'Request a waiver' });
  await dialog.getByLabel('Why the risk is accepted').fill('Accepted in the browser test until the end of the day.');
  await dialog.getByLabel('Who owns it').fill('browser-test@example.test');
  // Its last day is today, so that it ends tonight.
  await dialog.getByLabel('Until').fill(new Date().toISOString().slice(0, 10));
  await dialog.getByRole('button', { name: 'Request', exact: true }).click();
  await page.getByText('Somebody else must approve it.').waitFor();

  // Who asked sees why there is no button.
  const own = await world.person({ storage: world.alice });
  await own.page.goto('/waivers');
  const mine = own.page.getByRole('article').filter({ hasText: 'Accepted in the browser test' });
  await mine.getByText('somebody else has to decide').waitFor();
  for (const name of ['Approve', 'Reject']) assert.equal(await mine.getByRole('button', { name }).count(), 0, name);

  const deciding = await world.person({ storage: world.bob });
  await deciding.page.goto('/waivers');
  const card = deciding.page.getByRole('article').filter({ hasText: 'Accepted in the browser test' });
  await card.getByRole('button', { name: 'Approve' }).click();
  await deciding.page.getByRole('dialog', { name: 'Approve this waiver' }).getByLabel('Comment').fill('Fine for today.');
  await deciding.page.getByRole('dialog').getByRole('button', { name: 'Approve' }).click();
  await deciding.page.getByText('Approved').first().waitFor();
  await card.waitFor({ state: 'detached' });

  // The page of the finding was open all the time: it turns by itself.
  await page.getByText('Waived', { exact: true }).first().waitFor({ timeout: 20_000 });
  assert.equal(new URL(page.url()).pathname, address);
  await page.getByText('Accepted in the browser test').first().waitFor();
  await page.goto('/findings?state=waived');
  await page.locator(`main tbody a[href="${address}"]`).first().waitFor();
  await own.page.goto('/waivers?state=approved');
  await own.page.getByRole('article').filter({ hasText: 'Accepted in the browser test' }).getByText('Fine for today.').waitFor();
  world.waived = address;
  for (const one of [asking, own, deciding]) {
    assert.deepEqual(one.complaints, []);
    await one.close();
  }
});

test('who asked is refused by the plane itself, not only by the page', ['plane', 'alice'], async (world) => {
  const one = await world.person({ storage: world.alice });
  await one.page.goto('/waivers');
  const answers = await one.page.evaluate(async () => {
    const session = await (await fetch('/api/v1/session')).json();
    const send = (path, body) => fetch(`/api/v1${path}`, { method: 'POST', headers: { 'content-type': 'application/json', 'x-rampart-csrf': session.csrf }, body: JSON.stringify(body) });
    const finding = (await (await fetch('/api/v1/findings?state=open&limit=1')).json()).items[0];
    const day = new Date(Date.now() + 5 * 86_400_000).toISOString().slice(0, 10);
    const asked = await send('/waivers', { rule: finding.rule, clusters: [finding.cluster], kind: null, namespace: null, name: null, key: null, reason: 'four eyes', owner: 'me', expires: day });
    const waiver = await asked.json();
    return { asked: asked.status, approved: (await send(`/waivers/${waiver.id}/approve`, { comment: '' })).status };
  });
  assert.ok(answers.asked < 300, `asking: ${answers.asked}`);
  assert.equal(answers.approved, 403);
  await one.close();
});
