// SPDX-License-Identifier: GPL-3.0-or-later
// An API that checks tokens as it should: express with express-oauth2-jwt-bearer. KB_ISSUER and KB_AUDIENCE say whose
// tokens it takes.
import http from 'node:http';
import { load, listen, serve } from './peer.mjs';

const { default: express } = await load('express');
const { default: bearer } = await load('express-oauth2-jwt-bearer');

const app = express();
const token = bearer.auth({ issuerBaseURL: process.env.KB_ISSUER, audience: process.env.KB_AUDIENCE,
  tokenSigningAlg: 'RS256', dpop: { enabled: true, required: false } });
app.get('/public', (request, response) => response.json({ open: true }));
app.get('/users', token, bearer.requiredScopes('users:read'), (request, response) => response.json([]));
app.delete('/users/:id', token, bearer.requiredScopes('users:delete'), (request, response) => response.status(204).end());
app.get('/audit', token, bearer.requiredScopes('users:read users:delete'), (request, response) => response.json([]));
app.get('/admin', token, bearer.claimEquals('role', 'admin'), (request, response) => response.json({ admin: true }));
app.use((error, request, response, next) => {
  if (response.headersSent) return next(error);
  response.status(error.status ?? 500).set(error.headers ?? {})
    .json({ title: error.code ?? error.name, status: error.status ?? 500 });
});
const port = await listen(http.createServer(app));
serve({ url: `http://127.0.0.1:${port}` });
