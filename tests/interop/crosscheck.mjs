// SPDX-License-Identifier: GPL-3.0-or-later
// Signs and verifies with libraries of others what Keybearer verifies and signs: one JSON task a line on standard
// input, one JSON answer a line on standard output. `error` in an answer says why it did not do as asked. The tasks
// that tests/support/jose_peer.py has as well are called the same here.
import { createHash, createPublicKey, randomBytes } from 'node:crypto';
import { createInterface } from 'node:readline';
import { load } from './peer.mjs';

const jose = await load('jose');
const aws4 = (await load('aws4')).default;
const { createVerifier, httpbis } = (await load('http-message-signatures')).default;

const bytesOf = (text) => new TextEncoder().encode(text);
const asymmetric = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'];

async function generate(alg) {
  if (alg.startsWith('HS')) {
    // A secret that is text, so that it goes through a file and a pipe as it is.
    const secret = jose.base64url.encode(randomBytes(64));
    return { secret, private: JSON.stringify({ kty: 'oct', k: jose.base64url.encode(secret) }) };
  }
  const pair = await jose.generateKeyPair(alg, { extractable: true });
  const jwk = await jose.exportJWK(pair.publicKey);
  return {
    private: JSON.stringify(await jose.exportJWK(pair.privateKey)), public: JSON.stringify(jwk),
    pem: await jose.exportPKCS8(pair.privateKey), public_pem: await jose.exportSPKI(pair.publicKey),
    thumbprint: await jose.calculateJwkThumbprint(jwk),
  };
}

async function sign({ key, header, payload }) {
  const imported = await jose.importJWK(JSON.parse(key), header.alg);
  return { token: await new jose.CompactSign(bytesOf(payload)).setProtectedHeader(header).sign(imported) };
}

async function verify({ key, alg, token, options }) {
  const imported = await jose.importJWK(JSON.parse(key), alg);
  const { payload, protectedHeader } = await jose.jwtVerify(token, imported, { algorithms: [alg], ...options });
  return { claims: payload, header: protectedHeader };
}

/** A proof by the key that it brings itself (RFC 9449 §4.3), and what it has to fit. */
async function dpop({ proof, token }) {
  const { payload, protectedHeader } = await jose.jwtVerify(proof, jose.EmbeddedJWK, {
    algorithms: asymmetric, typ: 'dpop+jwt', maxTokenAge: '2 min', requiredClaims: ['jti', 'htm', 'htu', 'iat'],
  });
  const answer = { claims: payload, header: protectedHeader,
    thumbprint: await jose.calculateJwkThumbprint(protectedHeader.jwk) };
  if (token) {
    answer.ath = createHash('sha256').update(token).digest('base64url');
    if (token.split('.').length === 3) answer.jkt = jose.decodeJwt(token).cnf?.jkt;
  }
  return answer;
}

function awsSign({ request, credentials }) {
  const ignored = Object.fromEntries((request.ignored ?? []).map((name) => [name, true]));
  const signer = new aws4.RequestSigner({ ...request, extraHeadersToIgnore: ignored }, credentials);
  const canonical = signer.canonicalString();
  const signed = signer.sign();
  return { headers: signed.headers, path: signed.path, canonical };
}

async function verifyMessage({ request, body, key, secret, alg, keyid, fields, params }) {
  const verifier = createVerifier(secret ? Buffer.from(secret) : createPublicKey(key), alg);
  const verified = await httpbis.verifyMessage({
    keyLookup: async (told) => (told.keyid === keyid ? { id: keyid, algs: [alg], verify: verifier } : null),
    requiredFields: fields, requiredParams: params, all: true, maxAge: 120,
  }, request);
  const digest = (hash) => `${hash.replace('sha', 'sha-')}=:${createHash(hash).update(body).digest('base64')}:`;
  return { verified, sha256: digest('sha256'), sha512: digest('sha512') };
}

const tasks = { generate: ({ alg }) => generate(alg), sign, verify, dpop, aws4: awsSign, message: verifyMessage };

for await (const line of createInterface({ input: process.stdin })) {
  let answer;
  try {
    const task = JSON.parse(line);
    answer = await tasks[task.do](task);
  } catch (error) { // whatever a library throws is the answer
    answer = { error: `${error.name}: ${error.message}` };
  }
  process.stdout.write(JSON.stringify(answer) + '\n');
}
