// Unit tests are for what needs no browser; everything drawn is tested in a real one (e2e).
import { defineConfig } from "vitest/config";

export default defineConfig({ test: { environment: "node", include: ["src/**/*.test.ts"] } });
