// Every view has an address; each is loaded when it is first shown.
import type { RouteDefinition } from "@solidjs/router";
import { lazy } from "solid-js";
import { peopleViews } from "./pages/routes";

export const routes: RouteDefinition[] = [
  { path: "/", component: lazy(() => import("./pages/home/Home")) },
  ...peopleViews,
  { path: "*", component: lazy(() => import("./pages/NotFound")) },
];
