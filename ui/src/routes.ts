// Every view has an address; each is loaded when it is first shown.
import type { RouteDefinition } from "@solidjs/router";
import { lazy } from "solid-js";
import { peopleViews } from "./pages/routes";

export const routes: RouteDefinition[] = [
  { path: "/", component: lazy(() => import("./pages/home/Home")) },
  { path: "/clusters", component: lazy(() => import("./pages/clusters/Clusters")) },
  { path: "/clusters/:cluster", component: lazy(() => import("./pages/clusters/Cluster")) },
  { path: "/compliance", component: lazy(() => import("./pages/compliance/Compliance")) },
  { path: "/compliance/:control", component: lazy(() => import("./pages/compliance/Control")) },
  { path: "/findings", component: lazy(() => import("./pages/findings/Findings")) },
  { path: "/findings/:cluster/:fingerprint", component: lazy(() => import("./pages/findings/Finding")) },
  { path: "/workloads/:cluster/:kind/:namespace/:name", component: lazy(() => import("./pages/workload/Workload")) },
  ...peopleViews,
  { path: "*", component: lazy(() => import("./pages/NotFound")) },
];
