// Views about people and rules: signing in, rules, waivers, reports, frameworks, the audit trail, settings.
import type { RouteDefinition } from "@solidjs/router";
import { lazy } from "solid-js";

export const peopleViews: RouteDefinition[] = [
  { path: "/sign-in", component: lazy(() => import("./auth/SignIn")) },
  { path: "/first-run", component: lazy(() => import("./auth/FirstRun")) },
  { path: "/device", component: lazy(() => import("./auth/DeviceApproval")) },
  { path: "/rules", component: lazy(() => import("./rules/Rules")) },
  { path: "/rules/:control/:name", component: lazy(() => import("./rules/RuleView")) },
  { path: "/waivers", component: lazy(() => import("./waivers/Waivers")) },
];
