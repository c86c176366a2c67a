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
  { path: "/reports", component: lazy(() => import("./reports/Reports")) },
  { path: "/frameworks", component: lazy(() => import("./frameworks/Frameworks")) },
  { path: "/frameworks/:id", component: lazy(() => import("./frameworks/FrameworkView")) },
  { path: "/trail", component: lazy(() => import("./trail/Trail")) },
  { path: "/settings", component: lazy(() => import("./settings/Index")) },
  { path: "/settings/clusters", component: lazy(() => import("./settings/Clusters")) },
  { path: "/settings/identity", component: lazy(() => import("./settings/Identity")) },
  { path: "/settings/roles", component: lazy(() => import("./settings/Roles")) },
  { path: "/settings/tokens", component: lazy(() => import("./settings/Tokens")) },
  { path: "/settings/notifications", component: lazy(() => import("./settings/Notifications")) },
];
