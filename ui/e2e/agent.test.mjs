// A cluster joins: the token is made in the browser and shown once; with a real API server the agent comes in by it.
import assert from 'node:assert/strict';
import { test } from './cases.mjs';

const who = (world) => ({ storage: world.alice ?? world.admin });

export async function joinToken(page, cluster, { approval = false } = {}) {
  await page.goto('/settings/clusters');
  await page.getByRole('button', { name: 'Join a cluster' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Cluster name').fill(cluster);
  if (approval) await dialog.getByLabel('Somebody approves each agent').check();
  await dialog.getByRole('button', { name: 'Make the token' }).click();
  await page.getByRole('heading', { name: 'Run this in the cluster' }).waitFor();
  const secret = (await dialog.getByRole('group', { name: 'Token' }).textContent()).trim();
  const command = (await dialog.getByRole('group', { name: 'Command' }).textContent()).trim();
  await dialog.getByRole('button', { name: 'I have it' }).click();
  await dialog.waitFor({ state: 'hidden' });
  return { secret, command };
}

test('a join token is made, shown once, listed and removed', ['site', 'admin'], async (world) => {
  const one = await world.person(who(world));
  const { page } = one;
  const { secret, command } = await joinToken(page, 'browser-test-cluster', { approval: true });
  assert.ok(secret.length > 20, 'a token that cannot be guessed');
  assert.match(command, /agent/);
  assert.ok(!(await page.content()).includes(secret), 'the secret left the page');
  const row = page.getByRole('row', { name: /browser-test-cluster/ });
  await row.getByText('needed', { exact: true }).waitFor();
  await page.reload();
  await row.waitFor();
  assert.ok(!(await page.content()).includes(secret));
  await row.getByRole('button', { name: 'Remove' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await row.waitFor({ state: 'detached' });
  assert.deepEqual(one.complaints, []);
  await one.close();
});
