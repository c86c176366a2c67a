// Every view has an address; each is loaded when it is first shown.
import type { RouteDefinition } from "@solidjs/router";
import { lazy } from "solid-js";

export const routes: RouteDefinition[] = [
  { path: "/", component: lazy(() => import("./pages/home/Home")) },
  { path: "*", component: lazy(() => import("./pages/NotFound")) },
];
