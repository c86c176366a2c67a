// The first sign-in by the printed link, then by password, then by the identity provider.
import assert from 'node:assert/strict';
import { test } from './cases.mjs';
import { CLIENT, SECRET, signIn } from './provider.mjs';

const PASSWORD = 'lantern gravel orchid tuesday';

async function fillFirstRun(page) {
  await page.getByLabel('Name').fill('root');
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByLabel('Password again').fill(PASSWORD);
  await page.getByRole('button', { name: 'Make the account and sign in' }).click();
}

test('first sign-in by the printed link', ['site'], async (world) => {
  await world.play?.('first-run');
  const link = world.plane?.link ?? `${world.base}/first-run#mock-token`;
  const one = await world.person();
  const { page } = one;
  await page.goto('/');
  await page.waitForURL('**/sign-in');
  await page.getByText('printed a link when it started').waitFor();

  await page.goto(link);
  await page.getByRole('heading', { name: 'Make the first administrator' }).waitFor();
  assert.equal(new URL(page.url()).hash, '', 'the token leaves the address bar');
  await page.getByLabel('Password', { exact: true }).fill('short');
  await page.getByRole('button', { name: 'Make the account and sign in' }).click();
  await page.getByText('At least 12 characters.').waitFor();
  await fillFirstRun(page);
  await page.getByRole('button', { name: 'Sign out' }).waitFor();
  assert.equal(new URL(page.url()).pathname, '/');

  const cookies = await one.context.cookies();
  const session = cookies.find(({ name }) => name.includes('rampart-session'));
  if (world.plane) {
    assert.ok(session, 'a session cookie was set');
    assert.deepEqual([session.name, session.httpOnly, session.secure, session.sameSite, session.path], ['__Host-rampart-session', true, true, 'Lax', '/']);
    const stored = await page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }));
    assert.doesNotMatch(stored, /csrf|session|rmp/i, 'nothing secret is stored by the page');
  }
  world.admin = await one.context.storageState();
  assert.deepEqual(one.complaints, []);
  await one.close();
});

test('the link works once', ['plane', 'admin'], async (world) => {
  const thief = await world.person();
  await thief.page.goto(world.plane.link);
  await fillFirstRun(thief.page);
  await thief.page.getByRole('alert').waitFor();
  assert.equal(new URL(thief.page.url()).pathname, '/first-run');
  await thief.close();
});

test('signing in by password, and out', ['site'], async (world) => {
  await world.play?.('signed-out');
  const { page, close, complaints } = await world.person();
  await page.goto('/rules?severity=high');
  await page.waitForURL('**/sign-in?return=*');
  await page.getByLabel('Name').fill('root');
  await page.getByLabel('Password').fill(world.plane ? 'not the password at all' : 'wrong');
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.getByRole('alert').waitFor();
  assert.equal(await page.getByLabel('Password').inputValue(), '', 'a wrong password does not stay');
  await page.getByLabel('Password').fill(PASSWORD);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Rules', level: 1 }).waitFor();
  assert.equal(new URL(page.url()).search, '?severity=high', 'the wanted page is shown after sign-in');
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.waitForURL('**/sign-in');
  await page.goto('/rules');
  await page.waitForURL('**/sign-in?return=*');
  assert.deepEqual(complaints, []);
  await close();
  await world.play?.('normal');
});

test('signing in leads to no other site', ['site'], async (world) => {
  await world.play?.('signed-out');
  const { page, close } = await world.person();
  for (const wanted of ['//evil.example', '/\\evil.example', 'https://evil.example/', 'javascript:alert(1)']) {
    await page.goto(`/sign-in?return=${encodeURIComponent(wanted)}`);
    await page.getByLabel('Name').fill('root');
    await page.getByLabel('Password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByRole('button', { name: 'Sign out' }).waitFor();
    assert.equal(new URL(page.url()).origin, world.base, wanted);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.waitForURL('**/sign-in');
  }
  await close();
  await world.play?.('normal');
});

test('an administrator sets up the identity provider and the roles', ['plane', 'provider', 'admin'], async (world) => {
  const { page, close, complaints } = await world.person({ storage: world.admin });
  await page.goto('/settings/identity');
  const redirect = await page.getByRole('group', { name: 'Redirect address' }).textContent();
  assert.equal(redirect?.trim(), `${world.base}/api/v1/auth/oidc/callback`);
  await page.getByLabel('Name', { exact: true }).fill('Test SSO');
  await page.getByLabel('Issuer').fill(world.provider.issuer);
  await page.getByLabel('Client id').fill(CLIENT);
  await page.getByLabel('Client secret').fill(SECRET);
  await page.getByLabel('Scopes').fill('openid email profile groups');
  await page.getByLabel('Claim with the groups').fill('groups');
  await page.getByLabel('People may sign in with it').check();
  await page.getByRole('button', { name: 'Test', exact: true }).click();
  await page.getByRole('heading', { name: 'The provider answers as it should' }).waitFor();
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('The identity provider was saved').waitFor();
  await page.reload();
  await page.getByText('One is kept, sealed.').waitFor();
  assert.equal(await page.getByLabel('Client secret').inputValue(), '', 'the secret is never shown again');

  await page.goto('/settings/roles');
  const grant = async (group, role, clusters) => {
    await page.getByRole('button', { name: 'Group', exact: true }).click();
    const set = page.locator('fieldset.group').last();
    await set.getByLabel('Group', { exact: true }).fill(group);
    await set.getByLabel('Role', { exact: true }).selectOption(role);
    await set.getByLabel('Clusters', { exact: true }).fill(clusters);
  };
  await page.getByRole('heading', { name: 'Groups' }).waitFor();
  await grant('security', 'admin', '');
  await grant('on-call', 'operator', '');
  await grant('readers', 'viewer', 'shop');
  await page.getByRole('button', { name: 'Review and save' }).click();
  await page.getByRole('dialog', { name: 'What this changes' }).getByRole('button', { name: 'Save' }).click();
  await page.getByText('The roles were saved').waitFor();
  await page.getByText(/^Version 1/).waitFor();
  assert.deepEqual(complaints, []);
  await close();
});

async function comeIn(world, name) {
  const one = await world.person();
  await one.page.goto('/findings?severity=high');
  await one.page.waitForURL('**/sign-in?return=*');
  await one.page.getByRole('link', { name: 'Sign in with Test SSO' }).click();
  await signIn(one.page, name);
  await one.page.waitForURL(`${world.base}/findings?severity=high`);
  await one.page.getByRole('heading', { name: 'Findings', level: 1 }).waitFor();
  await one.page.getByRole('link', { name }).first().waitFor();
  const state = await one.context.storageState();
  assert.deepEqual(one.complaints, []);
  await one.close();
  return state;
}

test('signing in by the identity provider, four people', ['plane', 'provider', 'admin'], async (world) => {
  for (const name of ['alice', 'bob', 'olga', 'vera']) world[name] = await comeIn(world, name);
});

test('local passwords are off once the provider has worked', ['plane', 'alice'], async (world) => {
  const { page, close } = await world.person();
  await page.goto('/sign-in');
  await page.getByRole('link', { name: 'Sign in with Test SSO' }).waitFor();
  assert.equal(await page.getByLabel('Password').count(), 0);
  const refused = await world.plane.call('POST', '/api/v1/auth/login', { body: { name: 'root', password: PASSWORD } });
  assert.equal(refused.status, 401);
  await close();
});

test('somebody without a role sees nothing', ['plane', 'provider', 'alice'], async (world) => {
  const one = await world.person();
  await one.page.goto('/sign-in');
  await one.page.getByRole('link', { name: 'Sign in with Test SSO' }).click();
  await signIn(one.page, 'stranger');
  await one.page.getByText(/none of your groups has a role/).first().waitFor();
  await one.close();
});
