// What a viewer sees: no actions, a reason where one might be looked for, and the plane's own refusal behind it.
import assert from 'node:assert/strict';
import { test } from './cases.mjs';

async function asViewer(world) {
  await world.play?.('viewer');
  return world.person({ storage: world.vera });
}

test('a viewer sees no actions, and why', ['site', 'vera'], async (world) => {
  const one = await asViewer(world);
  const { page } = one;
  await page.goto('/waivers');
  await page.getByRole('heading', { name: 'Waivers', level: 1 }).waitFor();
  await page.waitForFunction(() => !document.querySelector('.skeleton'));
  for (const name of ['Approve', 'Reject', 'Revoke']) assert.equal(await page.getByRole('button', { name }).count(), 0, name);
  for (const place of ['clusters', 'identity', 'roles', 'notifications']) {
    await page.goto(`/settings/${place}`);
    await page.getByText('This is for administrators').waitFor();
    assert.equal(await page.locator('main form').count(), 0, place);
  }
  await page.goto('/reports');
  await page.getByRole('heading', { name: 'By the clock' }).waitFor();
  assert.equal(await page.getByRole('button', { name: 'New schedule' }).count(), 0);
  await page.goto('/frameworks');
  await page.getByRole('heading', { name: 'Frameworks', level: 1 }).waitFor();
  assert.equal(await page.getByRole('button', { name: 'Own framework' }).count(), 0);
  await page.goto('/trail');
  await page.getByRole('alert').getByText('This is not shown to you').waitFor();
  assert.deepEqual(one.complaints, []);
  await one.close();
  await world.play?.('normal');
});

test('the plane refuses a viewer who calls it directly', ['plane', 'vera'], async (world) => {
  const one = await world.person({ storage: world.vera });
  await one.page.goto('/');
  await one.page.getByRole('heading', { name: 'The fifteen controls' }).waitFor();
  const got = await one.page.evaluate(async () => {
    const session = await (await fetch('/api/v1/session')).json();
    const call = async (method, path, body) => {
      const response = await fetch(`/api/v1${path}`, { method, headers: { 'content-type': 'application/json', 'x-rampart-csrf': session.csrf }, ...(body && { body: JSON.stringify(body) }) });
      return response.status;
    };
    return {
      approve: await call('POST', '/waivers/1/approve', { comment: '' }),
      identity: await call('GET', '/identity'),
      roles: await call('PUT', '/roles', { basedOn: 1, groups: [] }),
      join: await call('POST', '/join-tokens', { cluster: null, uses: 1, hours: 1, needsApproval: false }),
      routes: await call('GET', '/notifications/routes'),
      trail: await call('GET', '/trail'),
      elsewhere: await call('GET', '/clusters/legacy'),
      own: await call('GET', '/clusters/shop'),
      clusters: (await (await fetch('/api/v1/clusters')).json()).items.map((cluster) => cluster.name),
      tokenAboveOwnRole: await call('POST', '/tokens', { name: 'more than mine', role: 'admin', clusters: [], namespaces: [], expires: new Date(Date.now() + 86_400_000).toISOString() }),
    };
  });
  await one.close();
  assert.deepEqual(
    { ...got, tokenAboveOwnRole: got.tokenAboveOwnRole >= 400 && got.tokenAboveOwnRole < 500 },
    { approve: 403, identity: 403, roles: 403, join: 403, routes: 403, trail: 403, elsewhere: 404, own: 200, clusters: ['shop'], tokenAboveOwnRole: true },
  );
  assert.equal((await world.plane.call('POST', '/api/v1/waivers/1/approve', { body: { comment: '' } })).status, 401, 'nobody is not even told of roles');
});

test('denied calls stand in the audit trail', ['plane', 'alice', 'vera'], async (world) => {
  const one = await world.person({ storage: world.alice });
  await one.page.goto('/trail?outcome=denied');
  await one.page.locator('main tbody tr', { hasText: 'vera' }).first().waitFor();
  await one.page.getByRole('button', { name: 'Verify' }).click();
  await one.page.getByRole('dialog').getByText('Intact', { exact: true }).waitFor();
  assert.deepEqual(one.complaints, []);
  await one.close();
});
