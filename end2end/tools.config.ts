// Not tests: measurements and pictures, run by hand with `make bench-browser` and `make screens`.
import { defineConfig } from "@playwright/test";
import base from "./playwright.config";

export default defineConfig({ ...base, testDir: "tools", testMatch: "*.ts", timeout: 600_000, use: { ...base.use, trace: "off", screenshot: "off" } });
