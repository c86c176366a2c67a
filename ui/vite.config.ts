import { defineConfig } from "vite";
import solid from "vite-plugin-solid";
import { mockPlane } from "./mock/plugin.ts";

// RAMPART_PLANE=https://127.0.0.1:8443 sends the API calls of `npm run dev` to a real plane; without it
// the mock answers. Neither is part of dist.
const plane = process.env["RAMPART_PLANE"];

export default defineConfig({
  plugins: [solid(), ...(plane ? [] : [mockPlane()])],
  build: {
    target: ["chrome123", "firefox121", "safari17.5"],
    // The content security policy allows neither inline scripts nor data: scripts and fonts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: true,
  },
  ...(plane ? { server: { proxy: { "/api": { target: plane, secure: false, changeOrigin: true } } } } : {}),
});
