// A real OpenID Connect provider for the sign-in test: npm `oidc-provider` behind TLS on 127.0.0.1, at a free port.
//
// Usage: node provider.mjs KEY.pem CERT.pem REDIRECT_URI
// Prints one line of JSON when it is ready: {"issuer": ".."}. Ends with its standard input, so that no test leaves it behind.
// The client is `rampart` with the secret `e2e-secret-of-the-client`; PKCE is required. Anybody signs in with any password; the
// groups of a person are what PUT /-/people said last: {"alice": ["platform-admins"]}.
// PUT /-/keys throws the signing key away and makes a new one; PUT /-/claims {"conform": true} leaves groups to the user-info
// endpoint, as providers that follow the standard to the letter do.
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import Provider from 'oidc-provider';

const [keyFile, certificateFile, redirectUri] = process.argv.slice(2);
if (!redirectUri) {
  console.error('usage: node provider.mjs KEY.pem CERT.pem REDIRECT_URI');
  process.exit(2);
}

let people = {};
let conform = false;
let keys = newKeys();
let provider;
let answer;

function newKeys() {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return [{ ...privateKey.export({ format: 'jwk' }), kid: randomUUID(), use: 'sig', alg: 'RS256' }];
}

function start(issuer) {
  provider = new Provider(issuer, {
    clients: [
      {
        client_id: 'rampart',
        client_secret: 'e2e-secret-of-the-client',
        redirect_uris: [redirectUri],
        post_logout_redirect_uris: [new URL('/sign-in', redirectUri).href],
        grant_types: ['authorization_code'],
        response_types: ['code'],
      },
    ],
    jwks: { keys },
    cookies: { keys: ['only for this test'] },
    scopes: ['openid', 'email', 'profile', 'groups'],
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'], groups: ['groups'] },
    conformIdTokenClaims: conform,
    features: { devInteractions: { enabled: true } },
    pkce: { required: () => true },
    findAccount: (_context, id) => ({
      accountId: id,
      claims: () => ({ sub: id, name: id, email: `${id}@example.test`, email_verified: true, groups: people[id] ?? [] }),
    }),
  });
  answer = provider.callback();
}

async function body(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  return JSON.parse(Buffer.concat(parts).toString() || 'null');
}

const server = createServer({ key: readFileSync(keyFile), cert: readFileSync(certificateFile) }, async (request, response) => {
  const issuer = `https://127.0.0.1:${server.address().port}`;
  if (request.method === 'PUT' && request.url.startsWith('/-/')) {
    const told = await body(request);
    if (request.url === '/-/people') people = told;
    if (request.url === '/-/claims') conform = told.conform;
    if (request.url === '/-/keys') keys = newKeys();
    start(issuer);
    response.writeHead(204).end();
    return;
  }
  answer(request, response);
});
server.listen(0, '127.0.0.1', () => {
  const issuer = `https://127.0.0.1:${server.address().port}`;
  start(issuer);
  console.log(JSON.stringify({ issuer }));
});
process.stdin.on('end', () => process.exit(0)).resume();
