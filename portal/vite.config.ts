import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Where the development server finds the portal's API, and the API for models. */
const SERVICE_URL = process.env['CANDOR_PORTAL_URL'] ?? 'http://127.0.0.1:8700';
const SERVICE = { target: SERVICE_URL, changeOrigin: false };

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  plugins: [react()],
  // The service puts the nonce of the answer in place of this word.
  html: { cspNonce: '__NONCE__' },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2023',
    modulePreload: { polyfill: false },
    // Nothing is inlined: a data: address would need a hole in the content security policy.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 900,
  },
  worker: { format: 'es' },
  server: {
    port: 8703,
    proxy: { '/portal/v1': SERVICE, '/v1': SERVICE },
  },
});
