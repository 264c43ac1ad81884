// SPDX-License-Identifier: GPL-3.0-or-later
// An authorization server: oidc-provider, set up for every grant it has. Options are environment variables:
// KB_LIFETIME (seconds of an access token), KB_OPAQUE (opaque access tokens, so that introspection and revocation
// work), KB_DPOP_NONCE (DPoP proofs need a nonce).
import http from 'node:http';
import { load, listen, serve } from './peer.mjs';

const { Provider } = await load('oidc-provider');
const jose = await load('jose');

const lifetime = Number(process.env.KB_LIFETIME ?? 60);
const audience = 'urn:keybearer:api';
const scope = 'users:read users:delete';
const clients = {
  native: { redirect_uris: ['http://127.0.0.1/callback', 'http://[::1]/callback'], application_type: 'native',
    token_endpoint_auth_method: 'none', response_types: ['code'],
    grant_types: ['authorization_code', 'refresh_token', 'urn:ietf:params:oauth:grant-type:device_code'] },
  service: { client_secret: 'the secret of service, long enough for HS256', redirect_uris: [], response_types: [],
    grant_types: ['client_credentials'], scope },
  // The same, allowed to read only: what it gets is refused where more is asked.
  reader: { client_secret: 'the secret of reader, long enough for HS256', redirect_uris: [], response_types: [],
    grant_types: ['client_credentials'], scope: 'users:read' },
  // One for each other way to prove who a client is.
  poster: { client_secret: 'the secret of poster, long enough for HS256', redirect_uris: [], response_types: [],
    grant_types: ['client_credentials'], scope, token_endpoint_auth_method: 'client_secret_post' },
  hasher: { client_secret: 'the secret of hasher, long enough for HS256', redirect_uris: [], response_types: [],
    grant_types: ['client_credentials'], scope, token_endpoint_auth_method: 'client_secret_jwt' },
  signer: { redirect_uris: [], response_types: [], grant_types: ['client_credentials'], scope,
    token_endpoint_auth_method: 'private_key_jwt' },
  // A resource server that introspects.
  resource: { client_secret: 'the secret of resource, long enough for HS256', redirect_uris: [], response_types: [],
    grant_types: [] },
};

const signing = await jose.generateKeyPair('ES256', { extractable: true });
clients.signer.jwks = { keys: [{ ...(await jose.exportJWK(signing.publicKey)), kid: 'signer-1', alg: 'ES256' }] };

// The issuer has the port in its name, so the port comes first.
const server = http.createServer();
const port = await listen(server);
const issuer = `http://127.0.0.1:${port}`;

const { privateKey } = await jose.generateKeyPair('RS256', { extractable: true });
const provider = new Provider(issuer, {
  jwks: { keys: [{ ...(await jose.exportJWK(privateKey)), kid: 'interop-1', alg: 'RS256', use: 'sig' }] },
  clients: Object.entries(clients).map(([client_id, rest]) => ({ client_id, ...rest })),
  scopes: ['openid', 'offline_access', ...scope.split(' ')],
  features: {
    clientCredentials: { enabled: true },
    devInteractions: { enabled: true },
    deviceFlow: { enabled: true },
    dPoP: { enabled: true, nonceSecret: Buffer.alloc(32, 1), requireNonce: () => Boolean(process.env.KB_DPOP_NONCE) },
    introspection: { enabled: true, allowedPolicy: () => true },
    registration: { enabled: true },
    registrationManagement: { enabled: true },
    revocation: { enabled: true },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => audience,
      useGrantedResource: () => true,
      getResourceServerInfo: () => ({ audience, scope, accessTokenTTL: lifetime,
        accessTokenFormat: process.env.KB_OPAQUE ? 'opaque' : 'jwt', jwt: { sign: { alg: 'RS256' } } }),
    },
  },
  pkce: { required: () => true },
  rotateRefreshToken: true,
  issueRefreshToken: (context, client) => client.grantTypeAllowed('refresh_token'),
  ttl: { AccessToken: lifetime, ClientCredentials: lifetime, AuthorizationCode: 30, DeviceCode: 120, Grant: 3600,
    IdToken: 300, Interaction: 600, RefreshToken: 600, Session: 3600 },
  findAccount: (context, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
  extraTokenClaims: (context, token) =>
    token.accountId ? { role: token.accountId === 'admin' ? 'admin' : 'user' } : undefined,
});
server.on('request', provider.callback());
serve({ issuer, audience, clients: Object.fromEntries(
  Object.entries(clients).map(([id, client]) => [id, client.client_secret ?? ''])),
signer_key: JSON.stringify(await jose.exportJWK(signing.privateKey)) });
